import Files
import Tensors

/// What is known of each shape of the embedded furniture: its class, which others it is like, who made it.
///
/// Text in columns between tabs: class, group, name, creator, licence, source; the first line names them.
struct FurnitureCredits {
  private static let columns = ["class", "group", "name", "creator", "licence", "source"]
  private static let longest = 1 << 20

  /// In the order of their first shapes.
  let classNames: [String]
  let labels: [Int32]
  let creatorCount: Int
  /// The number of each shape's group: shapes that are one model in other colours, mirrored or hardly changed.
  let groups: [String]

  init(_ path: String) throws {
    let lines = try String(decoding: FileReader.contents(of: path, limit: Self.longest), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    guard lines.count > 1, lines[0] == Self.columns else {
      throw DatasetError.malformed(
        path: path, offset: 0, expected: "columns \(Self.columns.joined(separator: ", ")) between tabs",
        found: "'\(lines.first.map { $0.joined(separator: " ") }?.prefix(60) ?? "")'")
    }
    var numbers: [String: Int32] = [:]
    var names: [String] = []
    labels = try lines.dropFirst().enumerated().map { row, line in
      guard line.count == Self.columns.count else {
        throw DatasetError.malformed(
          path: path, offset: 0, expected: "\(Self.columns.count) columns in line \(row + 2)", found: "\(line.count)")
      }
      if let number = numbers[line[0]] { return number }
      let number = Int32(names.count)
      numbers[line[0]] = number
      names.append(line[0])
      return number
    }
    classNames = names
    groups = lines.dropFirst().map { $0[1] }
    creatorCount = Set(lines.dropFirst().map { $0[3] }).count
  }

  /// The fold of each shape, from 0 on: every class is spread evenly, and no group is divided.
  ///
  /// The groups of a class come in a random order, the larger ones first; each goes to the fold that has the fewest
  /// shapes of the class, then the fewest of all.
  func folds(_ count: Int, seed: UInt64) -> [Int] {
    var folds = [Int](repeating: 0, count: labels.count)
    var filled = [Int](repeating: 0, count: count)
    for (label, name) in classNames.enumerated() {
      let shapes = labels.indices.filter { labels[$0] == Int32(label) }
      let members = Dictionary(grouping: shapes) { groups[$0] }.values.sorted { $0[0] < $1[0] }
      var stream = RandomStream(seed: seed, name: "furniture/folds").substream(named: name)
      let mixed = stream.permutation(members.count).map { members[$0] }
      let order = (0..<mixed.count).sorted { (mixed[$1].count, $0) < (mixed[$0].count, $1) }
      var ofClass = [Int](repeating: 0, count: count)
      for group in order.map({ mixed[$0] }) {
        let fold = (0..<count).min { (ofClass[$0], filled[$0], $0) < (ofClass[$1], filled[$1], $1) } ?? 0
        for shape in group { folds[shape] = fold }
        ofClass[fold] += group.count
        filled[fold] += group.count
      }
    }
    return folds
  }
}
