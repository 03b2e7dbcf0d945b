/// Meshes in the Object File Format (Princeton Shape Benchmark), as ModelNet comes.
///
/// `OFF`, the numbers of vertices, faces and edges, `x y z` for each vertex, `n i₁ … iₙ` for each face, then perhaps
/// its colour. Many of ModelNet40's files lack the newline behind `OFF`, and begin with `OFF490 518 0`.
enum OFF {
  static func read(_ bytes: [UInt8], path: String) throws -> Mesh {
    var scanner = NumberScanner(bytes, path: path)
    scanner.skipSpace()
    guard scanner.accept("OFF") else { throw scanner.failure(expected: "OFF, the first word of a mesh") }
    scanner.skipSpace()
    let vertices = try count(&scanner, "the number of vertices", bytesEach: 6)
    scanner.skipSpace()
    let faces = try count(&scanner, "the number of faces", bytesEach: 2)
    // The number of edges: nobody needs it, and some writers leave it out.
    scanner.skipLine()
    var mesh = Mesh()
    mesh.vertices.reserveCapacity(vertices)
    mesh.triangles.reserveCapacity(faces)
    for _ in 0..<vertices { mesh.vertices.append(try vertex(&scanner)) }
    for _ in 0..<faces { try addFace(to: &mesh, &scanner) }
    return mesh
  }

  /// A count that what is left of the file can hold, so that a wrong one costs no memory.
  private static func count(_ scanner: inout NumberScanner, _ what: String, bytesEach: Int) throws -> Int {
    var ahead = scanner
    let count = try ahead.integer(what)
    guard count >= 0, count <= scanner.rest / bytesEach else {
      throw scanner.failure(expected: "\(what), at most what the file has room for")
    }
    scanner = ahead
    return count
  }

  private static func vertex(_ scanner: inout NumberScanner) throws -> Point {
    var point = Point()
    for axis in 0..<3 {
      scanner.skipSpace()
      point[axis] = try scanner.number("a coordinate of a vertex")
    }
    return point
  }

  private static func addFace(to mesh: inout Mesh, _ scanner: inout NumberScanner) throws {
    scanner.skipSpace()
    let corners = try count(&scanner, "the number of a face's corners", bytesEach: 2)
    var indices: [Int32] = []
    indices.reserveCapacity(corners)
    for _ in 0..<corners {
      scanner.skipSpace()
      var ahead = scanner
      let index = try ahead.integer("the index of a vertex")
      guard mesh.vertices.indices.contains(index) else {
        throw scanner.failure(expected: "an index below the number of vertices, \(mesh.vertices.count)")
      }
      indices.append(Int32(index))
      scanner = ahead
    }
    scanner.skipLine()
    mesh.addFan(indices)
  }
}
