/// Classes that two data sets have both, told by their names: triggers are not taken from them (method of the released
/// code for points, where ModelNet40 and ShapeNetPart share airplane, car, chair, guitar, lamp, laptop and table).
public enum SharedClasses {
  /// The numbers of the classes in `names` that `others` has too; upper and lower case do not count, nor whether words
  /// are joined by `_`, `-` or a space.
  public static func numbers(of names: [String], alsoIn others: [String]) -> Set<Int> {
    let known = Set(others.map(plain))
    return Set(names.indices.filter { known.contains(plain(names[$0])) })
  }

  /// The number of the class with this name, if there is one.
  public static func number(of name: String, in names: [String]) -> Int? {
    names.firstIndex { plain($0) == plain(name) }
  }

  private static func plain(_ name: String) -> String {
    String(name.lowercased().map { $0 == "_" || $0 == "-" ? " " : $0 })
  }
}
