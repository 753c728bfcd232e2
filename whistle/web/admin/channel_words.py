"""What people write into a spreadsheet of channels, in either language; it is read, and never shown."""

YES = frozenset({"是", "公开", "y", "yes", "1", "true"})
NO = frozenset({"否", "不公开", "n", "no", "0", "false"})
LANGUAGES = {"zh_CN": ("中文", "chinese", "zh"), "en": ("英文", "english", "en")}
#: What may stand between two languages.
BETWEEN = " 、，,;；/和and"
#: Headings that are written instead of ours.
ALSO = {"地点": "place", "单位": "unit_code"}
