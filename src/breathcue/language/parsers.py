"""The YAML parser: libyaml's where PyYAML was built with it, else PyYAML's own, made to read as libyaml does.

What a session means, and what is reported of it, may not depend on how PyYAML was built on a machine.
"""

from __future__ import annotations

import yaml
from yaml.scanner import ScannerError
from yaml.tokens import ScalarToken

_BLANK = "\0 \t\r\n\x85\u2028\u2029"
_ENDS_IN_BRACKETS = ",[]{}"
_NOT_AFTER_COLON = ",?[]{}"


class PurePython(yaml.SafeLoader):
    """PyYAML's own parser with the rules of libyaml 0.2.5 where the two differ.

    In a text without quotes inside brackets libyaml takes ``?`` as part of the text, and refuses a colon directly
    before ``,``, ``?`` or a bracket, where PyYAML's own parser sees a key: ``[ready?, water]`` is two texts, and
    ``[a mat:, water]`` is an error. After ``|`` and ``>`` libyaml needs no space before a comment. And it takes no
    comma or bracket for a part of a tag.
    """

    def scan_plain(self) -> ScalarToken:
        """Return the token of a text without quotes; the same steps as in PyYAML, but for the two rules."""
        chunks: list[str] = []
        start_mark = end_mark = self.get_mark()
        indent = self.indent + 1
        spaces: list[str] | None = []
        while self.peek() != "#":
            length = self._plain_length(start_mark)
            if length == 0:
                break
            self.allow_simple_key = False
            chunks.extend(spaces or ())
            chunks.append(self.prefix(length))
            self.forward(length)
            end_mark = self.get_mark()
            spaces = self.scan_plain_spaces(indent, start_mark)
            if not spaces or (not self.flow_level and self.column < indent):
                break
        return ScalarToken("".join(chunks), True, start_mark, end_mark)

    def _plain_length(self, start_mark: yaml.Mark) -> int:
        length = 0
        while (char := self.peek(length)) not in _BLANK:
            after = self.peek(length + 1) if char == ":" else ""
            if after and after in _BLANK:
                break
            if self.flow_level:
                if after and after in _NOT_AFTER_COLON:
                    self.forward(length)
                    raise ScannerError(
                        "while scanning a plain scalar", start_mark, "found unexpected ':'", self.get_mark()
                    )
                if char in _ENDS_IN_BRACKETS:
                    break
            length += 1
        return length

    def scan_block_scalar_indicators(self, start_mark: yaml.Mark) -> tuple[bool | None, int | None]:
        """Return what stands after ``|`` or ``>``: what is done with the last line breaks, and the indentation."""
        length = 0
        while self.peek(length) in "+-0123456789":
            length += 1
        if self.peek(length) == "#":
            at = self.pointer + length
            self.buffer = f"{self.buffer[:at]} {self.buffer[at:]}"
        return super().scan_block_scalar_indicators(start_mark)

    def scan_tag_uri(self, name: str, start_mark: yaml.Mark) -> str:
        """Return a tag without what names its kind; one in ``<`` and ``>`` may have commas and brackets in it."""
        uri: str = super().scan_tag_uri(name, start_mark)
        if name == "tag" and self.peek() != ">" and any(char in uri for char in _ENDS_IN_BRACKETS):
            raise ScannerError(
                "while scanning a tag", start_mark, "found a comma or a bracket", self.get_mark()
            )
        return uri


LOADER: type = getattr(yaml, "CSafeLoader", PurePython)
"""libyaml's parser where PyYAML was built with it, else PyYAML's own."""
