"""A page goes in; its HTML comes out, and the files that all pages share."""

from understudy.publish.look.assets import assets
from understudy.publish.look.fulltext import full_text
from understudy.publish.look.rendering import Frame, framed, render

__all__ = ["Frame", "assets", "framed", "full_text", "render"]
