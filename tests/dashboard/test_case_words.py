"""One name for each field: what a template calls a column is what the screens call it."""

from __future__ import annotations

from alerting.intake.columns import COLUMNS, plain
from dashboard.case_speech import CaseSpeech
from dashboard.case_table import table_of, template
from dashboard.i18n import load_languages


def test_screens_template_and_export_call_a_field_by_one_name() -> None:
    say = CaseSpeech(load_languages()["zh_CN"])
    told = {column.field: (plain(column.words[0]), plain(say.case_column(column.field))) for column in COLUMNS}
    assert {field: names for field, names in told.items() if names[0] != names[1]} == {}
    assert template()[0] == table_of([], {}, {})[0] == [column.words[0] for column in COLUMNS]
