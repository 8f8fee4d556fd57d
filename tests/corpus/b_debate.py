# drivers: debate, tournament_of_ideas
"""Multi-agent debate. N debaters speak in turn, a judge decides, the moderator may stop early."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment(name="debate")


@dataclass
class Persona:
    name: str
    stance: str
    temperature: float = 0.5


@dataclass
class Turn:
    speaker: str
    text: str


@dataclass
class Verdict:
    winner: str
    reason: str
    decided: bool = True


@env.task
async def speak(persona: Persona, motion: str, transcript: list[Turn]) -> Turn:
    return Turn(speaker=persona.name, text=f"{persona.stance}: {motion} ({len(transcript)})")


@env.task
async def judge(motion: str, transcript: list[Turn], seed: int = 0) -> Verdict:
    rng = random.Random(seed)
    names = sorted({t.speaker for t in transcript})
    return Verdict(winner=rng.choice(names), reason="coin", decided=rng.random() > 0.3)


@env.task
async def debate(motion: str, personas: list[Persona], rounds: int = 3, jury: int = 3) -> Verdict:
    transcript: list[Turn] = []
    for round_no in range(rounds):
        with flyte.group(f"round {round_no + 1}"):
            if round_no == 0:
                # opening statements are independent of one another
                openings = await asyncio.gather(*[speak(p, motion, []) for p in personas])
                transcript.extend(openings)
            else:
                for persona in personas:
                    turn = await speak(persona, motion, transcript)
                    transcript.append(turn)
        early = await judge(motion, transcript, seed=round_no)
        if early.decided and round_no > 0:
            return early

    votes = await asyncio.gather(*[judge(motion, transcript, seed=s) for s in range(jury)])
    tally = Counter(v.winner for v in votes if v.decided)
    if not tally:
        return Verdict(winner="nobody", reason="hung jury", decided=False)
    (winner, n), *_ = tally.most_common()
    return Verdict(winner=winner, reason=f"{n} of {jury} jurors")


@env.task
async def tournament_of_ideas(motions: list[str]) -> dict[str, str]:
    personas = [
        Persona("ada", "for"),
        Persona("bob", "against", temperature=0.9),
        Persona("cyn", "sceptical"),
    ]
    verdicts = {}
    for motion in motions:
        verdict = await debate(motion, personas, rounds=2 if len(motion) < 40 else 4)
        if not verdict.decided:
            print(f"no verdict on {motion}")
            continue
        verdicts[motion] = verdict.winner
    return verdicts


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(tournament_of_ideas, motions=["tabs are better than spaces"]).wait()
