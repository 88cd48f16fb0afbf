"""Words that say nothing of what is asked, in both languages.

`STOP` are words of grammar, left out of the index. `ASKING` are words that ask, or tell how to answer: texts may hold them,
but that a page has or lacks one says nothing of whether it answers.
"""

from __future__ import annotations

STOP = frozenset({
    "a", "about", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do",
    "does", "for", "from", "give", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its",
    "may", "me", "of", "on", "or", "our", "please", "said", "say", "says", "shall", "should", "so", "tell",
    "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "was",
    "we", "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "will", "with", "would",
    "you", "your",
    "与", "中", "为", "之", "也", "了", "什么", "以及", "关于", "其", "分别", "及", "吗", "吧", "呢", "和", "哪", "哪个", "哪些", "在",
    "多少", "如何", "对", "就", "怎么", "怎样", "或", "把", "是", "是否", "有", "的", "而", "被", "该", "请", "请问", "都",
})  # fmt: skip

ASKING = frozenset({
    "according", "analyse", "analyze", "based", "describe", "detail", "explain", "far", "long", "many", "much",
    "regarding", "specific",
    "介绍", "内容", "分析", "图表", "文件", "有何", "根据", "简述", "结合", "评估", "说明", "阐述", "情况", "为何", "为什么",
    "怎么样", "什么样", "看待", "几", "何",
    "一下", "了解", "具体", "可否", "可以", "您", "想", "想知道", "我", "有没有", "知道", "简要",
    "能", "能否", "能够", "解释", "解释一下", "讲讲", "详细", "说说", "谈谈", "你", "帮",
})  # fmt: skip
