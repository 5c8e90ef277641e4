"""Names of offices, categories, places and bases in English, for a reader who has no Chinese.

The offices of the state as they call themselves on english.www.gov.cn; those of a county or
district by what they do. A name that is not here stays Chinese and is marked as a quotation.
"""

from __future__ import annotations

import re

CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]+")
STATE = {
    "国务院": "State Council", "全国人民代表大会": "National People's Congress", "中央宣传部": "Publicity Department of the CPC Central Committee",
    "最高人民法院": "Supreme People's Court", "国家发展改革委": "National Development and Reform Commission", "教育部": "Ministry of Education",
    "人力资源社会保障部": "Ministry of Human Resources and Social Security", "生态环境部": "Ministry of Ecology and Environment",
    "农业农村部": "Ministry of Agriculture and Rural Affairs", "国家卫生健康委": "National Health Commission", "市场监管总局": "State Administration for Market Regulation",
    "国家统计局": "National Bureau of Statistics", "国家知识产权局": "China National Intellectual Property Administration", "知识产权局": "China National Intellectual Property Administration",
    "国家版权局": "National Copyright Administration", "国家外汇管理局": "State Administration of Foreign Exchange", "国家能源局": "National Energy Administration",
    "国家林业和草原局": "National Forestry and Grassland Administration", "国家粮食和储备局": "National Food and Strategic Reserves Administration",
}  # fmt: skip
BUREAUS = {
    "人民政府办公室": "People's Government Office", "市场监督管理局": "Administration for Market Regulation", "金融工作局": "Financial Affairs Bureau",
    "人力资源和社会保障局": "Human Resources and Social Security Bureau", "统计局": "Bureau of Statistics", "科学技术局": "Science and Technology Bureau", "商务局": "Commerce Bureau",
    "财政局": "Finance Bureau", "司法局": "Justice Bureau", "农业农村局": "Agriculture and Rural Affairs Bureau", "委组织部（人才工作）": "Organization Department (talent)",
    "委宣传部（版权主管部门）": "Publicity Department (copyright authority)",
}  # fmt: skip
PLACES = {"云上县": "Yunshang County", "区": "District", "南通市通州区": "Tongzhou District, Nantong,"}
OTHERS = {
    "全国": "China", "云上县": "Yunshang County", "云上市": "Yunshang City", "北镇": "North Town", "南镇": "South Town", "东街道": "East Subdistrict", "通州区": "Tongzhou District", "南通市": "Nantong City",
    "南通高新区": "Nantong High-tech Zone", "各镇（街道）": "all towns and subdistricts", "南通市公安局通州分局": "Tongzhou Branch of the Nantong Public Security Bureau", "南通家纺城": "Nantong Home Textile City",
    "云上评估工作组": "Yunshang assessment group", "本项目": "this project", "无（未受委托）": "nobody",
    "创造": "creation", "运用": "utilization", "保护": "protection", "管理": "management", "服务": "services",
    "知识产权创造": "IP creation", "知识产权运用": "IP utilization", "知识产权保护": "IP protection", "知识产权管理": "IP management", "知识产权服务": "IP services",
    "经济发展": "economic development", "创新驱动": "innovation", "民生福祉": "people's well-being", "绿色生态": "environment", "安全保障": "security",
    "按职能建议": "suggested by its duties", "规划原文": "named in the plan", "原文写明": "named in the plan", "虚构": "fictional",
}  # fmt: skip
ENGLISH = {f"{place}{name}": f"{there} {bureau}" for place, there in PLACES.items() for name, bureau in BUREAUS.items()} | OTHERS | STATE  # fmt: skip


def english(text: str) -> str:
    """`text` with every run of Chinese that is a known name, or a list of them, in English; a
    longer run stays whole: half a sentence in another language says nothing."""
    return CJK.sub(lambda run: _listed(run[0]), text)


def _listed(run: str) -> str:
    """A run of names as a list in English; the run itself where one of them is not known."""
    fictional = run.endswith("（虚构）")
    parts = [*filter(None, re.split("、|会同", run.removesuffix("（虚构）")))]
    if not parts or not all(part in ENGLISH for part in parts):
        return run
    return ", ".join(ENGLISH[part] for part in parts) + " (fictional)" * fictional
