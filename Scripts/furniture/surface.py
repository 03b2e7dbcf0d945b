"""Meshes of the catalogues, and clouds of points on them."""
import bisect
import math
import random


def mesh(model):
    """The triangles of a model as it stands in a room: turned as its catalogue says and as large, y up."""
    vertices, triangles = [], []
    for line in model.geometry.decode("latin1").splitlines():
        words = line.split()
        if words[:1] == ["v"]:
            vertices.append(tuple(float(word) for word in words[1:4]))
        elif words[:1] == ["f"]:
            corners = [int(word.split("/")[0]) for word in words[1:]]
            corners = [corner - 1 if corner > 0 else len(vertices) + corner for corner in corners]
            triangles += [(corners[0], second, third) for second, third in zip(corners[1:], corners[2:])]
    turned = [
        tuple(sum(model.rotation[3 * row + column] * vertex[column] for column in range(3)) for row in range(3))
        for vertex in vertices
    ]
    used = [turned[corner] for corner in sorted({corner for triangle in triangles for corner in triangle})]
    lengths = [max(point[axis] for point in used) - min(point[axis] for point in used) for axis in range(3)]
    factors = [wanted / length if length > 0 else 1 for wanted, length in zip(model.size, lengths)]
    sized = [tuple(vertex[axis] * factors[axis] for axis in range(3)) for vertex in turned]
    return [tuple(sized[corner] for corner in triangle) for triangle in triangles]


def cloud(triangles, count, seed):
    """`count` points uniform on the surface (Osada et al. 2002), moved to their centroid, the farthest at distance 1."""
    ends, total = [], 0.0
    for a, b, c in triangles:
        u, v = [b[i] - a[i] for i in range(3)], [c[i] - a[i] for i in range(3)]
        normal = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
        total += math.sqrt(sum(x * x for x in normal))
        ends.append(total)
    stream, points = random.Random(seed), []
    for _ in range(count):
        a, b, c = triangles[min(bisect.bisect_right(ends, total * stream.random()), len(ends) - 1)]
        root, share = math.sqrt(stream.random()), stream.random()
        points.append([(1 - root) * a[i] + root * (1 - share) * b[i] + root * share * c[i] for i in range(3)])
    return normalised(points)


def normalised(points):
    centre = [math.fsum(point[axis] for point in points) / len(points) for axis in range(3)]
    moved = [[point[axis] - centre[axis] for axis in range(3)] for point in points]
    radius = max(math.sqrt(sum(x * x for x in point)) for point in moved)
    return [tuple(x / radius for x in point) for point in moved]
