"""First pages of research reports, each laid out as houses lay them out: invented houses, persons and companies."""

from __future__ import annotations

from hand_made import BODY, Put, page

from rag.domain import Page

TEXT = Put("云岭乳业是液体乳龙头，云岭乳业的渠道遍及全国。" * 3 + BODY, 430, 10, 40)
NOTES = Put(
    "Volumes recover as channel inventories normalise and management keeps its guidance for the year. " * 8, 430, 10
)
DAY = Put("2023年08月30日", 44, 9, 440)


def column(x: float, y: float, *lines: str, size: float = 8) -> list[Put]:
    """Lines one under another, each a block of its own."""
    return [Put(line, y + 12 * index, size, x) for index, line in enumerate(lines)]


def line(y: float, *cells: tuple[float, str], size: float = 9) -> list[Put]:
    """Cells beside one another that the layout did not find to be a row."""
    return [Put(text, y, size, x) for x, text in cells]


def part_under_name() -> Page:
    return page(
        Put("证券研究报告", 20, 10),
        Put("2023.08.29", 20, 9, 500),
        Put("青岚证券研究部", 36, 10),
        Put("云岭乳业", 60, 12),
        Put("2Q23业绩符合预期，渠道改革见效", 80, 20),
        TEXT,
        *column(
            420, 120, "莫清河", "分析员", "SAC 执证编号：S0980520070003", "SFC CE Ref：BQP123", "mo@qinglan.example"
        ),
        *column(420, 200, "何以宁", "联系人", "SAC 执证编号：S0980121030047", "he@qinglan.example"),
        *line(270, (420, "股票代码"), (500, "600999.SH")),
        *line(282, (420, "评级"), (500, "跑赢行业")),
        *line(294, (420, "最新收盘价"), (500, "人民币 30.00")),
        *line(306, (420, "目标价"), (500, "人民币 40.00")),
    )


def labels_over_values() -> Page:
    return page(
        Put("青岚证券股份有限公司 研究部", 20, 10),
        Put("云岭乳业（600999.SH）2023年中报点评｜2023.8.30", 44, 9),
        Put("业绩拐点已至，龙头先行受益", 70, 22),
        TEXT,
        *column(
            440, 120, "莫清河", "首席食品饮料分析师", "S1010518070011", "何以宁", "食品饮料分析师", "S1010520030047"
        ),
        *column(440, 220, "云岭乳业", "600999.SH", "评级", "买入（维持）", "当前价", "30.00元", "目标价", "40.00元"),
    )


def parts_in_brackets() -> Page:
    return page(
        Put("股票研究", 20, 12),
        Put("公司首次覆盖", 36, 12),
        Put("青岚证券研究所", 20, 10, 300),
        Put("云岭乳业(600999)", 60, 16, 220),
        Put("渠道改革见效，龙头先行受益", 86, 20, 200),
        *line(120, (220, "莫清河(分析师)"), (340, "何以宁(研究助理)")),
        *line(134, (220, "021-38676666"), (340, "021-38678888")),
        *line(148, (220, "mo@qinglan.example"), (340, "he@qinglan.example")),
        *line(162, (220, "证书编号 S0880518070011"), (340, "S0880121030047")),
        Put(BODY, 430, 10, 220),
        *line(60, (40, "评级："), (120, "增持")),
        *line(74, (40, "上次评级："), (120, "谨慎增持")),
        *line(88, (40, "目标价格："), (120, "35.00")),
        *line(102, (40, "上次预测："), (120, "30.00")),
        *line(116, (40, "当前价格："), (120, "28.00")),
        Put("2023.08.30", 130, 9, 120),
    )


def reasonable_value() -> Page:
    return page(
        Put("公司研究|食品饮料", 20, 9, 400),
        Put("青岚证券", 20, 14),
        Put("云岭乳业（600999.SH）", 50, 18),
        Put("渠道改革见效，龙头先行受益", 80, 22),
        TEXT,
        *line(120, (420, "公司评级"), (510, "买入")),
        *line(132, (420, "当前价格"), (510, "30.00 元")),
        *line(144, (420, "合理价值"), (510, "40.00 元")),
        *line(156, (420, "前次评级"), (510, "增持")),
        *line(168, (420, "报告日期"), (510, "2023-08-30")),
        *line(200, (420, "分析师："), (470, "莫清河")),
        *column(470, 214, "SAC 执证号：S0260518070011", "021-60750600", "mo@qinglan.example"),
        *line(254, (420, "分析师："), (470, "何以宁")),
        *column(470, 268, "SAC 执证号：S0260520030047", "SFC CE No. BNW001"),
        Put(
            "请注意，莫清河,何以宁并非香港证券及期货事务监察委员会的注册持牌人，不可在香港从事受监管活动。", 300, 6, 420
        ),
    )


def box_of_authors() -> Page:
    return page(
        Put("证券研究报告 | 公司深度", 20, 9, 40),
        Put("青岚证券", 20, 12, 400),
        DAY,
        Put("云岭乳业（600999.SH）", 60, 14),
        Put("渠道改革见效，龙头先行受益", 86, 22),
        TEXT,
        Put("买入（首次）", 110, 14, 420),
        *column(420, 200, "作者", "分析师  莫清河", "执业证书编号：S0680518070011", "邮箱：mo@qinglan.example"),
        *column(
            420,
            248,
            "研究助理  何以宁",
            "执业证书编号：S0680121030047",
            "相关研究",
            "1、《云岭乳业：周期底部》2023-05-01",
        ),
    )


def two_columns_of_authors() -> Page:
    return page(
        Put("证券研究报告 | 2023年08月30日", 20, 9, 40),
        Put("青岚证券", 20, 12, 420),
        Put("云岭乳业（600999.SH）", 44, 20),
        Put("渠道改革见效，龙头先行受益", 74, 18),
        *line(110, (40, "公司研究·深度报告"), (300, "食品饮料·饮料乳品")),
        Put("投资评级：买入（维持评级）", 126, 10),
        TEXT,
        *line(150, (40, "证券分析师：莫清河"), (200, "证券分析师：何以宁")),
        *line(162, (40, "021-60933164"), (200, "021-60933165")),
        *line(186, (40, "S0980518070011"), (200, "S0980520030047")),
        *line(222, (420, "合理估值"), (500, "40.00 - 45.00 元")),
        *line(234, (420, "收盘价"), (500, "30.00 元")),
    )


def analysts_and_contacts() -> Page:
    return page(
        Put("青岚证券研究所", 20, 10),
        Put("公司研究丨深度报告丨云岭乳业（600999.SH）", 40, 11),
        Put("渠道改革见效，龙头先行受益", 70, 24),
        TEXT,
        Put("分析师及联系人", 220, 10),
        *line(240, (40, "莫清河"), (200, "何以宁")),
        *line(254, (40, "SAC：S0490518070011"), (200, "SAC：S0490520030047")),
        Put("买入丨首次", 60, 12, 480),
        Put("2023-08-30", 20, 9, 480),
    )


def hong_kong() -> Page:
    return page(
        Put("青岚国际证券有限公司", 20, 12),
        DAY,
        Put("云岭乳业 (2999 HK)", 50, 18),
        Put("渠道改革见效，重申买入", 76, 16),
        TEXT,
        Put("买入 (维持)", 90, 12, 400),
        *line(110, (400, "目标价"), (500, "40.00港元")),
        *line(122, (400, "(此前目标价"), (500, "35.00港元)")),
        *line(146, (400, "当前股价"), (500, "30.00港元")),
        *column(400, 170, "莫清河, CFA", "(852) 3900 0001", "mo@qinglan.example"),
        *column(400, 206, "何以宁", "(852) 3900 0002", "he@qinglan.example"),
    )


def industry_weekly() -> Page:
    return page(
        Put("青岚证券 | 证券研究报告", 20, 10),
        Put("行业研究 | 行业周报", 36, 10, 400),
        Put("食品饮料", 50, 12),
        Put("原奶价格企稳，关注龙头", 70, 20),
        Put("强于大市（维持）", 50, 12, 460),
        Put("2023年08月30日", 66, 9, 460),
        TEXT,
        *line(600, (40, "公司"), (140, "代码"), (240, "评级")),
        *line(612, (40, "云岭乳业"), (140, "600999.SH"), (240, "买入")),
        *line(624, (40, "澄川食品"), (140, "002999.SZ"), (240, "增持")),
        *line(636, (40, "海岬啤酒"), (140, "0999.HK"), (240, "买入")),
        *column(420, 200, "证券分析师", "莫清河", "资格编号：S0120518070011", "研究助理", "何以宁"),
    )


def morgan_like() -> Page:
    return page(
        Put("Birch & Vale Securities LLP", 20, 10),
        Put("August 30, 2023 08:00 PM GMT", 36, 8),
        Put("Acme Tools Inc. | Asia Pacific", 50, 10),
        Put("Tides are turning; upgrade to Overweight", 70, 22),
        NOTES,
        *column(420, 100, "BIRCH & VALE SECURITIES LLP", "Jane Q. Doe", "EQUITY ANALYST", "Jane.Doe@birch.example"),
        *column(420, 148, "+852 2848-1234", "Peter van Horn, CFA", "EQUITY ANALYST", "Peter.VanHorn@birch.example"),
        Put("Acme Tools Inc. ( ACT.N, ACT US )", 220, 10, 420),
        *line(234, (420, "Stock Rating"), (520, "Overweight")),
        *line(246, (420, "Industry View"), (520, "In-Line")),
        *line(258, (420, "Price target"), (520, "$120.00")),
        *line(270, (400, "Shr price, close (Aug 29, 2023)"), (560, "$100.00")),
    )


def goldman_like() -> Page:
    return page(
        Put("30 August 2023 | 6:35PM HKT", 20, 8, 400),
        Put("Birch & Vale Research", 20, 12),
        Put("Equity Research", 36, 12, 400),
        Put("Acme Tools Inc. (ACT)", 50, 20),
        Put("2Q23 first take: margins beat on mix; Buy", 76, 14),
        NOTES,
        *line(110, (40, "ACT"), (120, "12m Price Target: $120.00"), (280, "Price: $100.00"), (400, "Upside: 20.0%")),
        Put("Buy", 130, 12, 40),
        *column(420, 150, "Jane Doe", "+1(212)902-1234 | jane.doe@birch.example"),
        *column(420, 186, "Sam Lee AC", "+1(212)902-1235 | sam.lee@birch.example"),
    )
