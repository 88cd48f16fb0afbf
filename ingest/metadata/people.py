"""A text in; the names of persons it consists of out, Chinese or English; none where anything else stands in it."""

from __future__ import annotations

import re

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪"
    "汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧肖尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危"
    "江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳"
    "汲糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能"
    "苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎闫慕连茹习宦艾鱼容向古易慎戈廖庾终居衡步耿满弘匡国文寇广禄阙东"
    "欧沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰巢关蒯相查后荆红游权盖益桓仉督岳帅缑亢况郈琴佟商牟佘伯赏墨哈谯笪年爱阳代付初尧官苑"
    "楚揭涂侍信覃兰冼植丛亓介仝候修化卿占喜奉字宛尉屯展巨布幺庹征慈才拜撒攸敬斯栗格楼檀欣母汝沐泉洛淦滿甫竺笃粟綦续羽耶肇臣苟茆莱葉裕言訚诺谌豆赛"
    "逯遇邸鄢采门阿隋雒雪颉香骞鹿麦麴齋陳張劉黃吳趙楊許鄭謝馬羅蘇呂盧範韓馮鄧蕭蔣鍾譚賴閻餘龔嚴賀顧錢湯萬齊龍陽莊紀費倫華連喬寧聶簡"
)
_COMPOUND = (
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|独孤|南宫|长孙|宇文|端木|申屠|轩辕|澹台|呼延|闻人|淳于|单于|太史|公冶|濮阳|"
    "完颜|拓跋|纳兰|赫连|西门|百里|东郭|钟离|鲜于|司空|亓官|仲孙|万俟|歐陽|諸葛|司馬"
)
# What begins like a name and is none where names of authors stand
_NO_NAMES = re.compile(
    r"(?:高级|金融|金工|金属|计算机|房地产|石化|石油|商贸|商社|黄金|白酒|成长|高端|时间|安全|方法|方向|相关|江苏|江西|杭州|成都|武汉|郑州|温州|常州|"
    r"徐州|宁波|安徽|云南|项目|关于|万元|单位|曾任|年度|国家|国内|国际|国信|国金|国元|国海|国联|国盛|国泰|国都|国投|国君|华泰|华安|华西|华创|华金|华鑫|"
    r"华福|华宝|华东|华南|华北|华中|广发|广州|广东|东方|东吴|东北|东兴|东莞|东海|东南|方正|都市|通信|通讯|能源|农业|文化|全球|全国|平安|安信|安排|"
    r"经济|经理|经销|管理|储能|明细|明显|应用|应收|项下|向好|解读|利润|利率|关键|连续|权益|景气|居民|时点|常温|满足|双碳|能化|广告|化学|化工|"
    r"强烈|强于|代码|代表|查询|员工|家电|家居|车辆|汪洋)(?:组|部|类|业|处|所|室|社|网|部门)?"
)
_HOUSES = ("东方证", "东方财")
_NAME = re.compile(
    rf"(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff]{{2,3}}|[\u4e00-\u9fff]{{2,6}}·[\u4e00-\u9fff]{{2,8}}"
)
_BREAKS = re.compile(r"[、，,;；/|｜&\t]|和|\s{2,}")

_TITLES = re.compile(
    r"(?:\s*,?\s*\b(?:CFA|CPA|FRM|FCA|ACA|CAIA|CMT|Ph\.?\s?D\.?|MD|MBA|MSc|Jr|Sr|II|III|AC)\b\.?)*\s*[\d*†‡#+^ ]{0,3}$"
)
_PARTICLE = r"(?:de|da|di|del|van|von|der|den|bin|la|le|al|St\.|O['’])"
_WORD = r"(?:[A-Z][\w'’-]*[a-zà-ÿ][\w'’-]*|[A-Z]{2,}(?:-[A-Z]+)*)"
_ENGLISH = re.compile(
    rf"(?:(?:Dr|Mr|Ms|Mrs|Prof)\.?\s+)?(?P<name>{_WORD}(?:\s+(?:[A-Z]\.|[A-Z]|{_PARTICLE}|{_WORD})){{0,3}}\s+{_WORD})"
    r"(?:\s*\([A-Z][\w ]{1,14}\))?"
)
_NO_ENGLISH = re.compile(
    r"\b(?:research|equity|equities|securities|limited|ltd|inc|llp|llc|plc|analysts?|asia|capital|global|price|target|rating|"
    r"market|company|industry|sector|report|strategy|strategist|economist|economics|economy|bank|group|investment|"
    r"investors?|relations|media|contacts?|office|head|director|associate|senior|chief|officer|president|manager|team|"
    r"hong|kong|china|india|japan|london|new|york|united|states|street|road|avenue|tower|floor|center|centre|important|"
    r"disclosures?|figure|table|source|date|buy|sell|hold|neutral|overweight|underweight|outperform|key|points|summary|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|quarter|results|"
    r"communications|science|technology|internet|project|survey|university|institute|foundation|exchange|of|and|the|for)\b",
    re.IGNORECASE,
)


def chinese_names(text: str) -> tuple[str, ...]:
    """The names a text consists of: 张三, 张三、李四, 高 鹏; none where one part of it is no name."""
    names: list[str] = []
    for part in _BREAKS.split(text.strip()):
        words = part.split()
        if not words:
            continue
        whole = "".join(words)
        spaced = len(words) > 1 and len(words[0]) == 1 and is_chinese_name(whole)
        for word in [whole] if spaced else words:
            if not is_chinese_name(word):
                return ()
            names.append(word)
    return tuple(names)


def names_run_together(text: str, count: int) -> tuple[str, ...]:
    """The `count` names that a text without gaps is made of: 莫清河何以宁; none where it can't be parted so."""
    if count == 1:
        return (text,) if is_chinese_name(text) else ()
    for length in (3, 2, 4):
        rest = names_run_together(text[length:], count - 1) if is_chinese_name(text[:length]) else ()
        if rest:
            return (text[:length], *rest)
    return ()


def is_chinese_name(word: str) -> bool:
    """Whether a word looks like a name: a known surname and one or two characters more."""
    if re.fullmatch(rf"(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}", word):
        return not word.startswith(_HOUSES)
    return bool(_NAME.fullmatch(word)) and not _NO_NAMES.fullmatch(word) and ("·" in word or word[0] in _SURNAMES)


def english_name(text: str) -> str | None:
    """The name an English line consists of, without degrees and marks: "Jane Q. Doe, CFA" gives "Jane Q. Doe"."""
    match = _ENGLISH.fullmatch(_TITLES.sub("", " ".join(text.split()).strip(" ,;|")).strip(" ,"))
    if match is None or _NO_ENGLISH.search(match["name"]) or match["name"].isupper():
        return None
    return match["name"]
