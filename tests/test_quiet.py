import pytest
from transformers.utils import logging

from chatrec.quiet import quiet_loading
from chatrec.retrieval.dense import TextEncoder


@pytest.fixture
def bars_on():
    shown = logging.is_progress_bar_enabled()
    logging.enable_progress_bar()
    yield
    if not shown:
        logging.disable_progress_bar()


@pytest.mark.usefixtures("bars_on")
def test_bars_are_off_inside_and_back_on_after_even_an_error():
    with quiet_loading():
        assert not logging.is_progress_bar_enabled()
    assert logging.is_progress_bar_enabled()
    with pytest.raises(KeyError), quiet_loading():
        raise KeyError("x")
    assert logging.is_progress_bar_enabled()


def test_bars_that_were_off_stay_off():
    logging.disable_progress_bar()
    with quiet_loading():
        pass
    assert not logging.is_progress_bar_enabled()
    logging.enable_progress_bar()


@pytest.mark.slow
@pytest.mark.usefixtures("bars_on")
def test_loading_the_default_encoder_writes_nothing(capfd):
    assert TextEncoder().encode(["a quiet film"]).shape == (1, 384)
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
