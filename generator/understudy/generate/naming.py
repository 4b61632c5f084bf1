"""Names as a contract writes them go in; Python names come out: valid, readable, and no two the same."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata

_WORD = re.compile(r"[A-Za-z0-9]+")
_RESERVED = {name.lower() for name in (*dir(builtins), *keyword.kwlist, *keyword.softkwlist)}
_RESERVED |= {
    name.lower() for name in ("Annotated", "Any", "ClassVar", "Decimal", "Enum", "IntEnum", "Literal", "Mapping")
}
_RESERVED |= {name.lower() for name in ("Operation", "Pattern", "StrEnum", "TypeAliasType", "Union", "UUID", "Path")}
_RESERVED |= {
    name.lower() for name in ("AnyUrl", "AwareDatetime", "BaseModel", "Base64Str", "ConfigDict", "EmailStr", "Field")
}
_RESERVED |= {
    name.lower() for name in ("Json", "RootModel", "SecretStr", "IPvAnyAddress", "IPv4Address", "IPv6Address")
}
_RESERVED |= {
    name.lower() for name in ("IPv4Network", "IPv6Network", "Date", "Datetime", "Time", "Timedelta", "Models")
}


def class_name(text: str) -> str:
    """Write a name in PascalCase ASCII, capitals inside words kept: `phone-number list` is `PhoneNumberList`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = "".join(word[0].upper() + word[1:] for word in _WORD.findall(plain))
    return name if name[:1].isalpha() else f"Schema{name}"


class Names:
    """Hands out class names that differ in more than case, from each other and from what generated code imports."""

    def __init__(self) -> None:
        self._taken = set(_RESERVED)

    def claim(self, text: str) -> str:
        """Return a free class name for a text; one that is taken gets `Model`, then a number."""
        base = class_name(text)
        if base.lower() in _RESERVED:
            base += "Model"
        name, number = base, 2
        while name.lower() in self._taken:
            name, number = f"{base}{number}", number + 1
        self._taken.add(name.lower())
        return name
