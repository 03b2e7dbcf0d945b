import Glibc

/// The parts that solids are put together from.
extension Mesh {
  /// A box with its edges along the axes.
  mutating func addBox(centre: Point, size: Point) {
    addFrustum(from: centre - Point(0, 0, size.z / 2), to: centre + Point(0, 0, size.z / 2), size, size)
  }

  /// A rectangle around `bottom` joined to one around `top`, each of the x and y of its size: a tapered box, or a slab
  /// that leans.
  mutating func addFrustum(from bottom: Point, to top: Point, _ bottomSize: Point, _ topSize: Point) {
    let first = Int32(vertices.count)
    for (centre, size) in [(bottom, bottomSize), (top, topSize)] {
      for (x, y) in [(-1, -1), (1, -1), (1, 1), (-1, 1)] as [(Float, Float)] {
        vertices.append(centre + Point(x * size.x / 2, y * size.y / 2, 0))
      }
    }
    addFan([0, 1, 2, 3].map { first + $0 })
    addFan([4, 5, 6, 7].map { first + $0 })
    for side in 0..<4 as Range<Int32> {
      let next = (side + 1) % 4
      addFan([side, next, next + 4, side + 4].map { first + $0 })
    }
  }

  /// A surface of revolution about the vertical through `foot`: a ring of each radius at each height, joined.
  mutating func addLathe(foot: Point, _ profile: [(radius: Float, height: Float)], segments: Int = 16) {
    let rings = profile.map { ring in
      addRing(segments) { foot + Point(ring.radius * $0, ring.radius * $1, ring.height) }
    }
    join(rings, segments)
  }

  /// A tube through the points of a line.
  mutating func addTube(_ line: [Point], radius: Float, segments: Int = 8) {
    let rings = line.indices.map { index in
      let ahead = line[min(index + 1, line.count - 1)] - line[max(index - 1, 0)]
      let (across, up) = Self.frame(of: ahead)
      return addRing(segments) { line[index] + radius * ($0 * across + $1 * up) }
    }
    join(rings, segments)
  }

  /// A spindle along a line: rings of these radii at equal distances.
  mutating func addSpindle(from start: Point, to end: Point, radii: [Float], segments: Int = 12) {
    let (across, up) = Self.frame(of: end - start)
    let rings = radii.enumerated().map { index, radius in
      let centre = start + Float(index) / Float(max(radii.count - 1, 1)) * (end - start)
      return addRing(segments) { centre + radius * ($0 * across + $1 * up) }
    }
    join(rings, segments)
  }

  /// Two directions at right angles to `direction` and to each other.
  private static func frame(of direction: Point) -> (Point, Point) {
    func cross(_ u: Point, _ v: Point) -> Point {
      Point(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
    }
    func unit(_ u: Point) -> Point {
      let length = (u * u).sum().squareRoot()
      return length > 0 ? u / length : Point(1, 0, 0)
    }
    let along = unit(direction)
    let across = unit(cross(along, abs(along.z) < 0.9 ? Point(0, 0, 1) : Point(1, 0, 0)))
    return (across, cross(along, across))
  }

  /// A ring of vertices, the first of which is returned; `place` takes a cosine and a sine.
  private mutating func addRing(_ segments: Int, _ place: (Float, Float) -> Point) -> Int32 {
    let first = Int32(vertices.count)
    for segment in 0..<segments {
      let angle = 2 * Double.pi * Double(segment) / Double(segments)
      vertices.append(place(Float(cos(angle)), Float(sin(angle))))
    }
    return first
  }

  private mutating func join(_ rings: [Int32], _ segments: Int) {
    for (lower, upper) in zip(rings, rings.dropFirst()) {
      for segment in 0..<Int32(segments) {
        let next = (segment + 1) % Int32(segments)
        addFan([lower + segment, lower + next, upper + next, upper + segment])
      }
    }
  }
}
