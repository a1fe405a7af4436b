"""How honest predictions are: what was said beside what was so."""

import random

Pair = tuple[float, bool]
"""What was predicted, and whether it was so."""
SEED = 7


def brier(pairs: list[Pair]) -> float:
    """Return the mean squared distance of what was predicted from what was so."""
    return sum((said - so) ** 2 for said, so in pairs) / len(pairs)


def deciles(pairs: list[Pair]) -> list[tuple[int, int, float, float]]:
    """Return, per tenth of what was predicted: its lower end in percent, how many, mean predicted, share observed."""
    rows = []
    for tenth in range(10):
        inside = [pair for pair in pairs if min(9, int(pair[0] * 10)) == tenth]
        if inside:
            said, so = sum(one for one, _so in inside), sum(so for _said, so in inside)
            rows.append((tenth * 10, len(inside), said / len(inside), so / len(inside)))
    return rows


def calibration_error(pairs: list[Pair]) -> float:
    """Return the expected calibration error: how far predicted and observed are apart, over the deciles."""
    return sum(count * abs(said - so) for _low, count, said, so in deciles(pairs)) / len(pairs)


def shuffled(pairs: list[Pair], seed: int = SEED) -> list[Pair]:
    """Return the same predictions given to the wrong figures: a predictor that knows nothing."""
    said = [one for one, _so in pairs]
    random.Random(seed).shuffle(said)
    return list(zip(said, (so for _said, so in pairs), strict=True))


def told(name: str, pairs: list[Pair]) -> str:
    """Return the calibration in lines to print."""
    lines = [f"{name}: {len(pairs)} predictions, {sum(so for _said, so in pairs) / len(pairs):.1%} were so"]
    lines += [
        f"  {low:3}-{low + 10:3} %  {count:7}  predicted {said:6.1%}  observed {so:6.1%}"
        for low, count, said, so in deciles(pairs)
    ]
    mixed = shuffled(pairs)
    lines.append(
        f"  Brier {brier(pairs):.4f} (shuffled {brier(mixed):.4f}), calibration error {calibration_error(pairs):.4f}"
        f" (shuffled {calibration_error(mixed):.4f})"
    )
    return "\n".join(lines)
