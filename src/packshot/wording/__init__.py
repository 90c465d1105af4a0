"""Title, alt text and caption of a product from what was measured and answered, in a shop's words and languages."""

from packshot.wording.caption import CAPTION_KEYS, Caption, caption_of
from packshot.wording.checking import unsupported_words
from packshot.wording.language import SHIPPED, Language, load_languages
from packshot.wording.texts import Wording, category_names, text_of, typed_wording

__all__ = [
    "CAPTION_KEYS",
    "SHIPPED",
    "Caption",
    "Language",
    "Wording",
    "caption_of",
    "category_names",
    "load_languages",
    "text_of",
    "typed_wording",
    "unsupported_words",
]
