"""The components people enter with while they stand: chosen with one tap, weighed in their own unit, said in words."""

import pytest
from django import forms
from tests.pages.test_components import printed

__all__ = ["printed"]


class SaleForm(forms.Form):
    payment = forms.ChoiceField(label="Paid", choices=[("cash", "Cash"), ("credit", "On credit")])
    works = forms.MultipleChoiceField(label="Works", choices=[("1", "One"), ("2", "Two")], required=False)
    quantity = forms.CharField(label="Weight")
    uom = forms.ChoiceField(label="Unit", choices=[("KGM", "kg"), ("JIN", "jin")], initial="JIN")


class TestChips:
    def test_every_choice_is_a_button_and_the_chosen_one_is_checked(self, printed):
        page = printed('<c-chips :field="form.payment" />', form=SaleForm({"payment": "credit"}))

        assert page.count('type="radio"') == 2
        assert 'value="credit" id="id_payment_1" checked' in page
        assert page.count("checked") == 1

    def test_several_may_be_chosen_where_the_field_takes_several(self, printed):
        page = printed('<c-chips :field="form.works" />', form=SaleForm({"works": ["1", "2"]}))

        assert page.count('type="checkbox"') == page.count("checked") == 2
        assert "required" not in page

    def test_a_refusal_stands_at_the_chips(self, printed):
        form = SaleForm({})
        form.is_valid()

        assert "This field is required" in printed('<c-chips :field="form.payment" />', form=form)


class TestWeight:
    def test_the_unit_is_switched_beside_the_weight_and_the_usual_one_is_set(self, printed):
        page = printed('<c-weight :field="form.quantity" :unit="form.uom" />', form=SaleForm())

        assert 'name="quantity"' in page
        assert 'name="uom" value="JIN" id="id_uom_1" checked' in page

    def test_a_weight_of_one_unit_shows_which(self, printed):
        page = printed('<c-weight :field="form.quantity" uom="KGM" />', form=SaleForm())

        assert '<span class="c-field__suffix">kg</span>' in page
        assert "radio" not in page


class TestMoney:
    @pytest.mark.parametrize(
        ("fen", "text"), [(0, "0.00"), (5, "0.05"), (350, "3.50"), (123456, "1,234.56"), (-350, "-3.50")]
    )
    def test_fen_become_yuan_with_their_unit(self, printed, fen, text):
        page = printed('<c-money :fen="fen" />', fen=fen)

        assert f">{text}<" in page
        assert "yuan" in page

    def test_a_price_says_per_what(self, printed):
        assert "yuan/jin" in printed('<c-money fen="350" per="JIN" />')

    def test_money_nobody_stated_is_said_to_be_unstated(self, printed):
        assert "not stated" in printed('<c-money :fen="fen" />', fen=None)


class TestSteps:
    def test_the_next_step_is_the_big_one_and_the_done_ones_say_so(self, printed):
        steps = [
            {"label": "Weigh", "state": "done"},
            {"label": "Photograph", "state": "now", "url": "/photo", "icon": "camera"},
            {"label": "Send", "state": ""},
        ]

        page = printed('<c-steps :items="steps" />', steps=steps)

        assert page.count("c-task--main") == 1
        assert 'href="/photo"' in page
        assert "done" in page


class TestBar:
    def test_each_segment_has_its_length_and_its_word(self, printed):
        page = printed('<c-bar first="60" first_word="answered" second="15" second_word="seen" />')

        assert 'width="60"' in page
        assert 'width="15" height="6" x="60"' in page
        assert "answered" in page
        assert "seen" in page


class TestConfirm:
    def test_it_asks_in_a_dialog_whose_form_carries_the_token(self, printed):
        page = printed(
            '<c-confirm name="void" label="Void" title="Void it?" action="/void" />', csrf_token="token-1"
        )

        assert 'data-dialog="dialog_void"' in page
        assert 'action="/void"' in page
        assert "token-1" in page
