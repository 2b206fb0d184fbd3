"""All widgets, so that every kv file knows them by name."""

from mobile.widgets.banner import Banner
from mobile.widgets.button import Action, IconAction
from mobile.widgets.card import Card, Mark
from mobile.widgets.choice import Choice, ChoiceList
from mobile.widgets.findings import Findings
from mobile.widgets.icon import Icon
from mobile.widgets.item_list import ItemGroups, ItemList
from mobile.widgets.languages import LanguageRow
from mobile.widgets.lines import Hotline, HotlineList, Lines
from mobile.widgets.pin_pad import PinPad
from mobile.widgets.progress import Progress
from mobile.widgets.row import Column, Row, Space, When
from mobile.widgets.scroll import Foot, Scroll
from mobile.widgets.text import Text
from mobile.widgets.text_input import Entry, Field
from mobile.widgets.timeline import Timeline
from mobile.widgets.topbar import TopBar

NAMES = tuple(
    each.__name__
    for each in (
        Action,
        Banner,
        Card,
        Choice,
        ChoiceList,
        Column,
        Entry,
        Field,
        Findings,
        Foot,
        Hotline,
        HotlineList,
        Icon,
        IconAction,
        ItemGroups,
        ItemList,
        LanguageRow,
        Lines,
        Mark,
        PinPad,
        Progress,
        Row,
        Scroll,
        Space,
        Text,
        Timeline,
        TopBar,
        When,
    )
)
"""The names that kv files may use."""
