"""Numbers that are somebody's: identity, telephone, bank, plate, account, certificate, mail. Spaces in them included."""

import re
from collections.abc import Iterator

from shuangbai.core.idnumber import IdNumber
from shuangbai.core.idnumber import read as read_id
from shuangbai.stories.deidentify.parts import Kind, Spot, Surroundings
from shuangbai.stories.deidentify.reading import Read

_DIGITS = {character: str(value) for value, characters in enumerate(("零〇○", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆",
                                                                   "七柒", "八捌", "九玖")) for character in characters}  # fmt: skip
_CLEAR = str.maketrans(_DIGITS)
_RUN = re.compile(r"(?<![\d.])\d(?:[ \-—_*x]{0,2}[\d*x]){6,24}(?!\d)")
_SPOKEN = re.compile(
    r"[零〇○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖](?:[ \-、]?[零〇○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖]){6,24}"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领学警港澳][ ·\-]?[a-z][ ·\-]?"
    r"(?:[a-z0-9][ ]?){4,6}(?![a-z0-9])"
)
_MAIL = re.compile(r"[a-z0-9._\-]+ ?@ ?[a-z0-9\-]+(?: ?\. ?[a-z]{2,})+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s，。；、）)]+")
_ACCOUNT = re.compile(
    r"(?:微信号?|weixin|wechat|vx|v信|薇信|威信|wx|qq号?|扣扣|抖音号?|快手号?|支付宝账?号?|微博|账号|帐号|昵称|网名)"
    r"(?:号码|号|账号|名)?(?:是|为|叫|：|:|\s){0,3}[“\"「'‘]?((?=[a-z0-9_\-]*[a-z0-9])[a-z0-9_\-][a-z0-9_\-]{3,24})"
)
_PAPER = re.compile(
    r"(?:证号|编号|证件号|残疾证号?|残疾人证|低保证号?|户口[簿本]号?|病历号|住院号|门诊号|学号|学籍号|档案号|准考证号?|护照号?|"
    r"驾驶证号?|社保号|社保卡号?|医保号|医保卡号?|回执号?|案号|存折号?|卡号|尾号|工号|个案号|个案编号|房产证号?|取件码|验证码)"
    r"(?:码|码是)?(?:是|为|：|:|\s){0,3}([a-z]{0,5}[ \-]?[0-9][a-z0-9\-]{2,24})"
)
_COURT = re.compile(r"[(（\[〔【]?(?:19|20)\d\d[)）\]〕】][^\s，。；]{1,10}?第?\d{1,6}号")
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}")
_MEASURED = "元块户次吨斤克米亩步票度字"


def numbers(read: Read, around: Surroundings) -> Iterator[Spot]:
    text = read.tight
    known = {re.sub(r"\D", "", value): value for value in around.values if len(re.sub(r"\D", "", value)) >= 5}
    for pattern, clear in ((_RUN, False), (_SPOKEN, True)):
        for found in pattern.finditer(text):
            yield from _run(read, found, found[0].translate(_CLEAR) if clear else found[0], known)
    for pattern, what, word in (
        (_PLATE, "车牌号", "（车牌略）"), (_MAIL, "电子邮箱", "（邮箱略）"), (_LINK, "网址", "（网址略）"),
        (_COURT, "案号、文号", "（文号略）"),
    ):  # fmt: skip
        for found in pattern.finditer(text):
            yield _spot(read, found.start(), found.end(), what, word)
    for found in _ACCOUNT.finditer(text):
        yield _spot(read, found.start(1), found.end(1), "微信、QQ 等账号", "（账号略）")
    for found in _PAPER.finditer(text):
        yield _spot(read, found.start(1), found.end(1), "证号、编号", "（编号略）")
    for digits in known:
        for found in re.finditer(r"(?<!\d)" + r"[ \-]?".join(digits) + r"(?!\d)", text):
            yield _spot(read, found.start(), found.end(), "登记的号码", "（号码略）")


def _run(read: Read, found: re.Match[str], plain: str, known: dict[str, str]) -> Iterator[Spot]:
    """A run of digits by what it is; one that is a day or a quantity is left to others."""
    digits = re.sub(r"[^0-9*x]", "", plain)
    bare = re.sub(r"\D", "", digits)
    if re.fullmatch(r"(?:19|20)\d{2}-\d{1,2}-\d{1,2} ?", found[0]):
        return  # a day, and days tell it
    start, end = found.start(), found.end()
    while end > start and read.tight[end - 1] in " -—_":
        end -= 1
    if isinstance(read_id(digits), IdNumber) or re.fullmatch(r"\d{17}[\dx]|\d{15}", digits):
        yield _spot(read, start, end, "身份证号", "（证件号略）")
    elif (
        _MOBILE.fullmatch(bare)
        or _LANDLINE.fullmatch(bare)
        or "*" in digits
        or re.fullmatch(r"1\d{2}x{4}\d{4}", digits)
    ):
        yield _spot(read, start, end, "电话号码", "（电话略）")
    elif re.fullmatch(r"\d{16,19}", bare):
        yield _spot(read, start, end, "银行卡号", "（卡号略）")
    elif re.fullmatch(r"(?:19|20)\d{2}(?:0?[1-9]|1[0-2])(?:[0-2]?\d|3[01])?", bare) and len(bare) <= 8:
        yield _spot(read, start, end, "像一个日期", "某日", Kind.DAY)
    elif read.tight[end : end + 1] not in _MEASURED or read.tight[end : end + 1] == "":
        yield _spot(read, start, end, "一长串数字，像号码", "（号码略）", sure=len(bare) >= 9)


def _spot(
    read: Read, start: int, end: int, what: str, word: str, kind: Kind = Kind.NUMBER, *, sure: bool = True
) -> Spot:
    first, after = read.span(start, end)
    subject = f"{kind}:{re.sub(r'[^0-9a-z@.]', '', read.tight[start:end].translate(_CLEAR)) or read.tight[start:end]}"
    return Spot(first, after, read.given[first:after], kind, subject, what, word, sure)
