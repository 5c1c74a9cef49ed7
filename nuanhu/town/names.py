"""Words from which invented names are put together. Nobody and no place of these names is meant."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    """The words between the blanks."""
    return tuple(text.split())


SURNAMES = tuple(
    "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
"""Commonest first."""

WOMEN_THEN = _words(
    "秀英 桂兰 玉珍 凤英 淑兰 素珍 桂英 秀兰 玉兰 美英 春香 腊梅 巧云 月娥 银娣 招娣 根娣 水英 金凤 彩娣 "
    "惠芬 菊芳 荷花 杏珍 翠娥 阿妹 小妹 林娣 云仙 素琴 兰芳 玉琴 秋菊 冬梅 瑞英 佩珍 蕴华 静娴 宝珠 爱珍"
)
"""Given names of women born before about 1965."""

MEN_THEN = _words(
    "建国 国强 德明 福生 根生 金根 水根 阿根 炳荣 志明 永康 长根 荣生 洪生 祥林 锡坤 林生 土根 正才 桂林 "
    "德宝 全福 春林 兴发 汉章 士良 书林 学文 仁保 伯年 守义 培德 文炳 宝根 大年 龙海 顺兴 寿康 良才 玉山"
)
"""Given names of men born before about 1965."""

WOMEN_NOW = _words(
    "丽娟 敏 静 晓燕 红梅 海燕 雪芳 亚萍 文婷 佳怡 玲玲 春燕 莉 芳 霞 倩 雯 颖 婧 慧敏 小芸 诗涵 梦洁 思琪"
)
"""Given names of women of working age."""

MEN_NOW = _words("伟 强 磊 军 勇 杰 涛 明辉 志刚 建军 海波 俊 浩 鹏 斌 晓东 立新 文斌 宇航 凯 剑锋 新华 国平 亮")
"""Given names of men of working age."""

CITY = "安屿市"
DISTRICT = "望汐区"
TOWNS = (
    "听潮街道",
    "柳湾街道",
    "望桥街道",
    "青砚街道",
    "石塘湾镇",
    "禾渡镇",
    "白鹭渚镇",
    "枫荫镇",
    "芦汀镇",
    "槐市镇",
    "云麓镇",
    "沙浦镇",
)
"""Twelve towns: the first four are streets of the built-up area."""

VILLAGE_HEADS = _words("前 后 东 西 南 北 大 小 新 老 上 下 长 横 双 三 九 金 银 青 白 红 梅 桃 杏 竹 松 荷 菱 芦")
VILLAGE_TAILS = _words("塘 桥 圩 庄 湾 埠 墩 浜 渡 荡 岸 巷 坝 泾 埭 店 堰 溪")
QUARTERS = _words(
    "听雨 望月 书院 钟楼 文昌 织锦 船坊 茶亭 米市 桑园 灯塔 锦绣 和畅 永宁 清和 安泰 怀德 崇文 景明 朝晖 "
    "梧桐 银杏 海棠 紫藤 玉兰 雅集 双清 澄江 映月 曲水"
)
"""Names of urban communities (社区)."""

ROADS = _words("汐望路 潮音路 书台街 灯塔路 锦帆路 渔市街 橹声巷 茶亭街 芦雪路 桑梓路 平澜路 归帆路")

HEALTH = (
    ("高血压", 0.52),
    ("2型糖尿病", 0.21),
    ("冠心病", 0.18),
    ("慢性支气管炎", 0.14),
    ("骨质疏松", 0.2),
    ("膝关节炎", 0.22),
    ("脑卒中后遗症", 0.08),
    ("白内障", 0.13),
    ("轻度认知障碍", 0.08),
    ("帕金森病", 0.03),
    ("青霉素过敏", 0.04),
    ("装有心脏起搏器", 0.02),
    ("长期服用抗凝药", 0.05),
)
"""(condition, share of residents)."""

ACCESS = (
    "钥匙在邻居处，先敲门再联系邻居",
    "大门常闭不锁，院内有犬，先喊人",
    "密码锁，密码由村责任人掌握",
    "单元门禁按房号呼叫，无应答联系物业",
    "后门较松可推开，前门有插销",
    "钥匙存村委会钥匙箱，登记领取",
    "窗户有防盗网，只能走前门",
    "电梯需刷卡，联系门卫",
)
RISKS = (
    "院内有犬",
    "楼道堆物，担架难通过",
    "使用瓶装液化气",
    "地面湿滑",
    "楼梯陡窄，无扶手",
    "家中有制氧机，禁明火",
    "冬季用炭盆取暖，防一氧化碳",
    "听力差，需大声敲门",
    "情绪易激动，请先说明来意",
    "屋顶年久，雨天慎入",
)
