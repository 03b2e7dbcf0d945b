"""Shapes that are one model in other colours, mirrored, turned or hardly changed: they share a group.

A network that has trained on one of them would know the others, so a group never stands in two folds.
"""
import math

PROBES = 64  # points of a cloud whose nearest neighbours in the other are looked for
# Two samplings of one surface are as far apart as the points of one: a ratio of about 1. Below 1.1 are windows with
# other panes, doors with other panels, cars of one form; above it things that people tell apart.
NEAR = 1.1


def groups(classes, clouds):
    """A number for each cloud; clouds of one class that look alike have the same."""
    numbers = list(range(len(clouds)))
    outlines = [outline(points) for points in clouds]
    for second in range(len(clouds)):
        for first in range(second):
            if classes[first] != classes[second] or numbers[first] == numbers[second]:
                continue
            if similar(outlines[first], outlines[second]) and ratio(clouds[first], clouds[second]) < NEAR:
                old, new = numbers[second], numbers[first]
                numbers = [new if number == old else number for number in numbers]
    order = {number: place for place, number in enumerate(sorted(set(numbers)))}
    return [order[number] for number in numbers]


def outline(points):
    """What turning about the up axis and mirroring leave as it is: quantiles of the height and of the radius."""
    heights = sorted(point[1] for point in points)
    radii = sorted(math.sqrt(sum(x * x for x in point)) for point in points)
    step = len(points) // 16
    return heights[step::step] + radii[step::step]


def similar(first, second):
    return sum(abs(a - b) for a, b in zip(first, second)) / len(first) < 0.04


def ratio(first, second):
    """The distance between two clouds over that within them: the least over quarter turns and mirror images."""
    within = spread(first[:PROBES], first[PROBES:]) + spread(second[:PROBES], second[PROBES:])
    least = math.inf
    for image in images(first):
        # A few points tell most pairs apart.
        if spread(second[:8], image) > within:
            continue
        least = min(least, spread(second[:PROBES], image) + spread(image[:PROBES], second))
    return least / within


def images(points):
    for x, z in [((1, 0), (0, 1)), ((0, 1), (-1, 0)), ((-1, 0), (0, -1)), ((0, -1), (1, 0))]:
        for side in (1, -1):
            yield [(side * (x[0] * p[0] + x[1] * p[2]), p[1], z[0] * p[0] + z[1] * p[2]) for p in points]


def spread(points, others):
    """The mean distance from a point to the nearest of the others."""
    return sum(min(math.dist(point, other) for other in others) for point in points) / len(points)
