/// Meshes in Wavefront's OBJ format, as ShapeNetCore comes: `v x y z`, and `f a b c …` with corners like `7/1/3`.
///
/// Corners count vertices from 1, or from the last one down; all other statements are skipped.
enum OBJ {
  static func read(_ bytes: [UInt8], path: String) throws -> Mesh {
    var scanner = NumberScanner(bytes, path: path)
    var mesh = Mesh()
    while true {
      scanner.skipSpace()
      if scanner.isAtEnd { break }
      switch String(decoding: scanner.word().prefix(8), as: UTF8.self) {
      case "v": mesh.vertices.append(try vertex(&scanner))
      case "f": try addFace(to: &mesh, &scanner)
      default: break
      }
      scanner.skipLine()
    }
    guard !mesh.vertices.isEmpty else { throw scanner.failure(expected: "vertices, lines of the form 'v x y z'") }
    return mesh
  }

  private static func vertex(_ scanner: inout NumberScanner) throws -> Point {
    var point = Point()
    for axis in 0..<3 {
      scanner.skipBlanks()
      point[axis] = try scanner.number("a coordinate of a vertex")
    }
    return point
  }

  private static func addFace(to mesh: inout Mesh, _ scanner: inout NumberScanner) throws {
    var corners: [Int32] = []
    while true {
      scanner.skipBlanks()
      if scanner.isAtLineEnd { break }
      var ahead = scanner
      let number = try ahead.integer("the number of a vertex")
      let index = number < 0 ? mesh.vertices.count + number : number - 1
      guard mesh.vertices.indices.contains(index) else {
        throw scanner.failure(expected: "a vertex of 1 to \(mesh.vertices.count)")
      }
      corners.append(Int32(index))
      scanner = ahead
      _ = scanner.word()
    }
    mesh.addFan(corners)
  }
}
