"""The demo's day at a human pace: the same truth as in the quick one, and a day that is still open afterwards."""

import asyncio
from pathlib import Path
from typing import Final

from gateway.cli.demo import acts, live, playing, programme
from gateway.cli.demo.programme import EXAMPLES
from gateway.cli.say import Say
from gateway.development.cast import Cast
from gateway.development.data_directory import DataDirectory
from gateway.development.shipments.papers import papers_of
from gateway.development.stage import FUNDS, of_its_own
from waitan.v1.days_pb2 import DAY_STATE_CUT_OFF, DAY_STATE_OPEN

DATE: Final = "2026-11-30"


def test_each_file_tells_the_truth_at_any_pace_and_the_day_stays_open(tmp_path: Path) -> None:
    scenes = programme.read(EXAMPLES)
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def played() -> None:
        async with of_its_own(DataDirectory(tmp_path), FUNDS, DATE) as stage, Cast(stage) as cast:
            moved = programme.moved(scenes, DATE)
            day = await live.play(Say(as_json=True), cast, moved, DATE, pace_s=1.5, pause=pause)
            assert [each.scene.number for each in day] == [scene.number for scene in scenes]
            assert all(each.is_as_named for each in await acts.look_up(cast, day))
            days = {each.currency: each.state for each in await (await cast.client("clearing")).days()}
            assert days.pop("TRY") == DAY_STATE_CUT_OFF
            assert set(days.values()) == {DAY_STATE_OPEN}

            stories = await playing.play(Say(as_json=True), cast, papers_of(DATE, anew=False), pause=lambda: pause(1.5))
            assert [step for story in stories for step in story.steps if not step.holds] == []

    asyncio.run(played())
    assert len(pauses) >= len(scenes)
    assert set(pauses) == {1.5}
