import Tensors

/// A surface of triangles, not necessarily closed.
struct Mesh: Equatable {
  var vertices: [Point] = []
  /// Three vertices each, in range.
  var triangles: [SIMD3<Int32>] = []

  /// A polygon as a fan of triangles around its first corner.
  mutating func addFan(_ corners: [Int32]) {
    guard let first = corners.first else { return }
    for (second, third) in zip(corners.dropFirst(), corners.dropFirst(2)) {
      triangles.append(SIMD3(first, second, third))
    }
  }

  /// `count` points, uniform on the surface: a triangle by its area, then a place in it (Osada et al. 2002).
  ///
  /// Throws for a surface without area.
  func points(_ count: Int, _ stream: inout RandomStream) throws -> [Point] {
    var area = 0.0
    let ends = triangles.map { triangle -> Double in
      area += twiceTheArea(of: triangle)
      return area
    }
    guard area > 0, area.isFinite else {
      throw DatasetError.request("the \(triangles.count) triangles of a mesh have no area to take points from")
    }
    return (0..<count).map { _ in
      let wanted = area * unit(&stream)
      let triangle = triangles[ends.firstPosition(above: wanted)]
      let root = unit(&stream).squareRoot()
      let second = root * (1 - unit(&stream))
      let (a, b, c) = corners(of: triangle)
      return Point((1 - root) * a + second * b + (root - second) * c)
    }
  }

  private func corners(of triangle: SIMD3<Int32>) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
    (
      SIMD3(vertices[Int(triangle.x)]), SIMD3(vertices[Int(triangle.y)]), SIMD3(vertices[Int(triangle.z)])
    )
  }

  private func twiceTheArea(of triangle: SIMD3<Int32>) -> Double {
    let (a, b, c) = corners(of: triangle)
    let (u, v) = (b - a, c - a)
    let normal = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
    return (normal * normal).sum().squareRoot()
  }

  /// Uniform on [0, 1), a multiple of 2^-53: finer than a triangle among millions.
  private func unit(_ stream: inout RandomStream) -> Double { Double(stream.next() >> 11) * 0x1p-53 }
}

extension [Double] {
  /// Where the first number above `bound` stands in ascending order; the last place if none is.
  fileprivate func firstPosition(above bound: Double) -> Int {
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] > bound { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
