import Testing

@testable import Datasets

/// Files of one cloud or mesh.
@Suite struct CloudFormatTests {
  private let pyramid = Mesh(
    vertices: [Point(0, 0, 0), Point(1, 0, 0), Point(1, 1, 0), Point(0, 1, 0), Point(0.5, 0.5, 1)],
    triangles: [SIMD3(0, 1, 4), SIMD3(0, 1, 2), SIMD3(0, 2, 3)])

  @Test(arguments: [
    "OFF\n5 2 0\n", "OFF5 2 0\n", "OFF 5 2\n", "# made by hand\nOFF # here\n\n5 2 8 # counts\r\n", "OFF\r\n5 2 0\r\n",
  ])
  func headers(head: String) throws {
    let body = "0 0 0\n1 0 0 \n\n1 1 0\n0 1 0 # corner\n.5 5e-1 1.\n3 0 1 4 \n4 0 1 2 3 255 0 0\n"
    #expect(try OFF.read(bytes(head + body), path: "mesh") == pyramid)
    #expect(try OFF.read(bytes(head + body.replacing("\n", with: "\r\n")), path: "mesh") == pyramid)
  }

  @Test(arguments: [
    ("", "at byte 0: expected OFF, the first word of a mesh, found the end"),
    ("COFF\n", "at byte 0: expected OFF, the first word of a mesh, found 'COFF'"),
    ("OFF BINARY\n", "at byte 4: expected the number of vertices, found 'BINARY'"),
    ("OFF\n-1 0 0\n", "at byte 4: expected the number of vertices, at most what the file has room for, found '-1'"),
    ("OFF\n99999999999999999999 1 0\n", "at byte 4: expected the number of vertices, found '99999999999999999999'"),
    ("OFF\n4000000 1 0\n",
     "at byte 4: expected the number of vertices, at most what the file has room for, found '4000000'"),
    ("OFF\n1 1 0\n0 0 nan\n", "at byte 14: expected a coordinate of a vertex, found 'nan'"),
    ("OFF\n1 1 0\n0 0 1e39\n", "at byte 14: expected a coordinate of a vertex, found '1e39'"),
    ("OFF\n1 1 0\n0 0 1\n3 0 0 1\n", "at byte 22: expected an index below the number of vertices, 1, found '1'"),
    ("OFF\n1 1 0\n0 0 1\n3 0 0 -1\n", "at byte 22: expected an index below the number of vertices, 1, found '-1'"),
    ("OFF\n1 1 0\n0 0 1\n900 0\n",
     "at byte 16: expected the number of a face's corners, at most what the file has room for, found '900'"),
  ])
  func brokenMeshes(text: String, expected: String) {
    #expect(throws: DatasetError.self) { try OFF.read(bytes(text), path: "mesh") }
    do { _ = try OFF.read(bytes(text), path: "mesh") } catch { #expect("\(error)" == "mesh: " + expected) }
  }

  @Test func wavefront() throws {
    let text = """
      # Blender
      mtllib a.mtl
      o pyramid
      v 0 0 0
      v 1 0 0 1.0
      v 1 1 0
      v 0 1 0
      v 0.5 0.5 1
      vt 0 0
      s off
      f 1/1/1 2//1 5
      f -5 -4 -3 -2
      l 1 2
      """
    #expect(try OBJ.read(bytes(text), path: "mesh") == pyramid)
    #expect(throws: DatasetError.self) { try OBJ.read(bytes("v 0 0 0\nf 1 2 1\n"), path: "mesh") }
    #expect(throws: DatasetError.self) { try OBJ.read(bytes("v 0 0\nv 1 2 3\n"), path: "mesh") }
    #expect(throws: DatasetError.self) { try OBJ.read(bytes("f 0 0 0\n"), path: "mesh") }
  }

  @Test func rowsOfPoints() throws {
    let normals = bytes("1,2,3,0,0,1\n-4,5e0,.6,0,1,0")
    #expect(try PointRows.read(normals, path: "cloud") == [Point(1, 2, 3), Point(-4, 5, 0.6)])
    let spaced = bytes("\n1 2\t3 # corner\r\n\r\n4 5 6\r\n")
    #expect(try PointRows.read(spaced, path: "cloud") == [Point(1, 2, 3), Point(4, 5, 6)])
    // What lies behind the limit is not looked at.
    #expect(try PointRows.read(bytes("1 2 3\n4 5 6\nx"), path: "cloud", limit: 2).count == 2)
    for broken in ["", "1 2\n", "1 2 3\n4 5 6 7\n", "1 2 3 4\n5 6 7\n", "1 2 inf\n", "a b c\n", "1 2 3x\n"] {
      #expect(throws: DatasetError.self, "\(broken)") { try PointRows.read(bytes(broken), path: "cloud") }
    }
  }

  /// Every spelling reads as Swift's own parser reads it.
  @Test(arguments: [
    "0", "-0", "1", "12.5", "-0.068510", "123456789012345", "1234567890123456789", "0.1234567890123456789", "1e-7",
    "3.4e38", "-2.5E+3", "0.000000000000000000001", ".5", "5.", "16777217", "0.30000001192092896",
  ])
  func numbers(text: String) throws {
    var scanner = NumberScanner(bytes(text + ","), path: "numbers")
    #expect(try scanner.number() == Float(Double(text) ?? .nan))
    #expect(scanner.rest == 1)
  }

  @Test(arguments: ["", "-", ".", "1.2.3", "--1", "0x10", "1e", "nan", "1e999", "1_000", "é"])
  func noNumbers(text: String) {
    var scanner = NumberScanner(bytes(text), path: "numbers")
    #expect(throws: DatasetError.self) { try scanner.number() }
    #expect(scanner.position == 0)
  }

  @Test func arraysOfNumPy() throws {
    for type in ["<f4", "<f8"] {
      let file = npy([[1, 2, 3, 9], [4, 5, 6, 9], [7, 8, 0.5, 9]], type: type)
      #expect(try NPY.read(file, path: "cloud") == [Point(1, 2, 3), Point(4, 5, 6), Point(7, 8, 0.5)])
      #expect(try NPY.read(file, path: "cloud", limit: 1) == [Point(1, 2, 3)])
      #expect(throws: DatasetError.self) { try NPY.read(file + [0], path: "cloud") }
      #expect(throws: DatasetError.self) { try NPY.read(Array(file.dropLast()), path: "cloud") }
    }
    #expect(throws: DatasetError.self) { try NPY.read(npy([[1, 2]]), path: "cloud") }
    #expect(throws: DatasetError.self) { try NPY.read(npy([[1, 2, .nan]]), path: "cloud") }
    #expect(throws: DatasetError.self) { try NPY.read(npy([]), path: "cloud") }
    let text = String(decoding: npy([[1, 2, 3]]), as: UTF8.self)
    #expect(text.contains("'fortran_order': False"))
  }
}
