import Glibc
import Tensors

/// The kinds of things that `Solids` makes, each a surface with random measures in metres, standing on the ground.
enum Solid: String, CaseIterable {
  case airplane, bed, bottle, car, chair, cup, lamp, sofa, table, vase

  func mesh(_ draw: inout RandomStream) -> Mesh {
    switch self {
    case .airplane: Self.airplane(&draw)
    case .bed: Self.bed(&draw)
    case .bottle: Self.bottle(&draw)
    case .car: Self.car(&draw)
    case .chair: Self.chair(&draw)
    case .cup: Self.cup(&draw)
    case .lamp: Self.lamp(&draw)
    case .sofa: Self.sofa(&draw)
    case .table: Self.table(&draw)
    case .vase: Self.vase(&draw)
    }
  }

  // MARK: Furniture

  private static func chair(_ draw: inout RandomStream) -> Mesh {
    var mesh = Mesh()
    let (width, depth) = (draw.within(0.4...0.75), draw.within(0.4...0.7))
    let (seat, thickness) = (draw.within(0.3...0.6), draw.within(0.03...0.14))
    mesh.addBox(centre: Point(0, 0, seat), size: Point(width, depth, thickness))
    addSupport(to: &mesh, width, depth, below: seat - thickness / 2, &draw)
    addBack(to: &mesh, width, depth, seat, height: draw.within(0.2...0.75), &draw)
    if draw.bernoulli(0.4) { addArms(to: &mesh, width, depth, seat, &draw) }
    return mesh
  }

  private static func sofa(_ draw: inout RandomStream) -> Mesh {
    var mesh = Mesh()
    let (width, depth, seat) = (draw.within(0.7...2), draw.within(0.6...1), draw.within(0.3...0.5))
    mesh.addBox(centre: Point(0, 0, seat / 2), size: Point(width, depth, seat))
    addBack(to: &mesh, width, depth, seat, height: draw.within(0.2...0.6), &draw)
    if draw.bernoulli(0.85) { addArms(to: &mesh, width, depth, seat, &draw) }
    return mesh
  }

  private static func bed(_ draw: inout RandomStream) -> Mesh {
    var mesh = Mesh()
    let (width, depth, height) = (draw.within(0.8...1.9), draw.within(1.6...2.1), draw.within(0.25...0.55))
    let isOnLegs = draw.bernoulli(0.5)
    let thickness = isOnLegs ? draw.within(0.12...0.3) : height
    mesh.addBox(centre: Point(0, 0, height - thickness / 2), size: Point(width, depth, thickness))
    if isOnLegs { addLegs(to: &mesh, width, depth, below: height - thickness, draw.within(0.04...0.1)) }
    if draw.bernoulli(0.85) { addBack(to: &mesh, width, depth, height, height: draw.within(0.15...0.7), &draw) }
    if draw.bernoulli(0.4) {
      let foot = height + draw.within(0.05...0.3)
      mesh.addBox(centre: Point(0, -depth / 2, foot / 2), size: Point(width, 0.06, foot))
    }
    return mesh
  }

  private static func table(_ draw: inout RandomStream) -> Mesh {
    var mesh = Mesh()
    let (width, depth) = (draw.within(0.5...1.9), draw.within(0.5...1.1))
    let (height, thickness) = (draw.within(0.3...0.8), draw.within(0.03...0.12))
    if draw.bernoulli(0.3) {
      let radius = width / 2
      let (low, high) = (height - thickness, height)
      mesh.addLathe(foot: Point(), [(0, low), (radius, low), (radius, high), (0, high)])
    } else {
      mesh.addBox(centre: Point(0, 0, height - thickness / 2), size: Point(width, depth, thickness))
    }
    addSupport(to: &mesh, width * 0.9, depth * 0.9, below: height - thickness, &draw)
    return mesh
  }

  /// Four legs, or one in the middle on a foot.
  private static func addSupport(
    to mesh: inout Mesh, _ width: Float, _ depth: Float, below top: Float, _ draw: inout RandomStream
  ) {
    if draw.bernoulli(0.7) {
      addLegs(to: &mesh, width, depth, below: top, draw.within(0.03...0.1))
    } else {
      let (radius, foot) = (draw.within(0.02...0.08), draw.within(0.25...0.45) * min(width, depth))
      mesh.addLathe(foot: Point(), [(0, 0), (foot, 0), (foot, 0.03), (radius, 0.06), (radius, top)])
    }
  }

  private static func addLegs(
    to mesh: inout Mesh, _ width: Float, _ depth: Float, below top: Float, _ side: Float
  ) {
    for (x, y) in [(-1, -1), (1, -1), (1, 1), (-1, 1)] as [(Float, Float)] {
      let centre = Point(x * (width - side) / 2, y * (depth - side) / 2, top / 2)
      mesh.addBox(centre: centre, size: Point(side, side, top))
    }
  }

  /// A back that may lean, behind the seat.
  private static func addBack(
    to mesh: inout Mesh, _ width: Float, _ depth: Float, _ seat: Float, height: Float, _ draw: inout RandomStream
  ) {
    let size = Point(width, draw.within(0.04...0.16), 0)
    let start = Point(0, depth / 2, seat)
    mesh.addFrustum(from: start, to: start + Point(0, draw.within(0...0.15), height), size, size)
  }

  private static func addArms(
    to mesh: inout Mesh, _ width: Float, _ depth: Float, _ seat: Float, _ draw: inout RandomStream
  ) {
    let (side, height) = (draw.within(0.04...0.2), seat + draw.within(0.1...0.3))
    for x in [-1, 1] as [Float] {
      mesh.addBox(
        centre: Point(x * (width - side) / 2, 0, (seat + height) / 2), size: Point(side, depth, height - seat))
    }
  }

  // MARK: Turned things

  private static func bottle(_ draw: inout RandomStream) -> Mesh {
    var mesh = Mesh()
    let (radius, height) = (draw.within(0.035...0.06), draw.within(0.18...0.32))
    let (neck, shoulder, throat) = (
      radius * draw.within(0.25...0.6), height * draw.within(0.45...0.7), height * draw.within(0.72...0.85)
    )
    mesh.addLathe(
      foot: Point(), [(0, 0), (radius, 0), (radius, shoulder), (neck, throat), (neck, height), (0, height)])
    return mesh
  }

  private static func vase(_ draw: inout RandomStream) -> Mesh {
    var mesh = Mesh()
    let height = draw.within(0.15...0.4)
    let radii = (0..<4).map { _ in height * draw.within(0.1...0.4) }
    // Halfway between rings the mean, so that the outline bends more gently.
    var profile: [(radius: Float, height: Float)] = [(0, 0)]
    for (index, radius) in radii.enumerated() {
      profile.append((radius, height * Float(index) / 3))
      guard index + 1 < radii.count else { break }
      profile.append(((radius + radii[index + 1]) / 2, height * (Float(index) + 0.5) / 3))
    }
    mesh.addLathe(foot: Point(), profile)
    return mesh
  }

  private static func cup(_ draw: inout RandomStream) -> Mesh {
    var mesh = Mesh()
    let (height, top) = (draw.within(0.07...0.16), draw.within(0.035...0.06))
    mesh.addLathe(foot: Point(), [(0, 0), (top * draw.within(0.6...1), 0), (top, height)])
    if draw.bernoulli(0.75) {
      let (centre, reach) = (height * draw.within(0.4...0.6), height * draw.within(0.2...0.35))
      let arc = (0...6).map { step -> Point in
        let angle = Double.pi * (Double(step) / 6 - 0.5)
        return Point(top * 0.9 + reach * Float(cos(angle)), 0, centre + reach * Float(sin(angle)))
      }
      mesh.addTube(arc, radius: draw.within(0.004...0.009))
    }
    return mesh
  }

  private static func lamp(_ draw: inout RandomStream) -> Mesh {
    var mesh = Mesh()
    let (height, base, pole) = (draw.within(0.3...1.6), draw.within(0.08...0.18), draw.within(0.008...0.05))
    let (shade, top) = (draw.within(0.1...0.25), draw.within(0.04...0.15))
    let rise = min(draw.within(0.12...0.35), height * 0.7)
    mesh.addLathe(foot: Point(), [(0, 0), (base, 0), (base, 0.03), (pole, 0.05), (pole, height - rise / 2)])
    mesh.addLathe(foot: Point(), [(shade, height - rise), (top, height)])
    return mesh
  }

  // MARK: Vehicles

  private static func airplane(_ draw: inout RandomStream) -> Mesh {
    var mesh = Mesh()
    let (length, radius) = (draw.within(8...30), draw.within(0.5...1.6))
    mesh.addSpindle(
      from: Point(0, -length / 2, 0), to: Point(0, length / 2, 0),
      radii: [0, 0.7, 1, 1, 1, 0.8, 0.5, 0.1].map { $0 * radius })
    let (span, chord, sweep) = (length * draw.within(0.3...0.6), length * draw.within(0.08...0.2), draw.within(0...0.2))
    addWings(to: &mesh, at: 0, span, chord, sweep * length)
    addWings(to: &mesh, at: length * 0.42, span * draw.within(0.25...0.45), chord * 0.5, sweep * length * 0.4)
    let fin = length * draw.within(0.08...0.18)
    mesh.addFrustum(
      from: Point(0, length * 0.42, 0), to: Point(0, length * 0.47, fin), Point(0.2, chord * 0.7, 0),
      Point(0.1, chord * 0.4, 0))
    return mesh
  }

  private static func addWings(to mesh: inout Mesh, at y: Float, _ span: Float, _ chord: Float, _ sweep: Float) {
    for side in [-1, 1] as [Float] {
      let first = Int32(mesh.vertices.count)
      let tip = Point(side * span, y + sweep, span * 0.05)
      mesh.vertices += [
        Point(0, y - chord / 2, 0), tip - Point(0, chord / 4, 0), tip + Point(0, chord / 4, 0),
        Point(0, y + chord / 2, 0),
      ]
      mesh.addFan([0, 1, 2, 3].map { first + $0 })
    }
  }

  private static func car(_ draw: inout RandomStream) -> Mesh {
    var mesh = Mesh()
    let (width, length, body) = (draw.within(1.5...2), draw.within(3...5.2), draw.within(0.5...0.9))
    let wheel = draw.within(0.28...0.42)
    mesh.addBox(centre: Point(0, 0, wheel + body / 2), size: Point(width, length, body))
    let (cabin, roof) = (length * draw.within(0.35...0.65), draw.within(0.35...0.8))
    let rear = length * draw.within(-0.05...0.15)
    mesh.addFrustum(
      from: Point(0, rear, wheel + body), to: Point(0, rear, wheel + body + roof), Point(width * 0.95, cabin, 0),
      Point(width * 0.8, cabin * draw.within(0.5...0.95), 0))
    for (x, y) in [(-1, -1), (1, -1), (1, 1), (-1, 1)] as [(Float, Float)] {
      let hub = Point(x * width / 2, y * length * 0.32, wheel)
      mesh.addSpindle(from: hub - Point(0.12, 0, 0), to: hub + Point(0.12, 0, 0), radii: [0, wheel, wheel, 0])
    }
    return mesh
  }
}
