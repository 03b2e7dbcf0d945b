import Files
import Glibc

/// Finds the data that comes with the tool, without the weight of Foundation's bundles.
public enum Resources {
  /// The path of the resource `name`: in the folder that PASSBOOK_DATA names, beside the executable (a build), or
  /// in ../share/passbook (an installation); throws with the places that were looked at.
  public static func path(_ name: String) throws -> String {
    let override = getenv("PASSBOOK_DATA").map { String(cString: $0) }
    return try path(name, in: places(override: override, executable: FilePath.resolved("/proc/self/exe")))
  }

  static func places(override: String?, executable: String?) -> [String] {
    let folder = executable.map(FilePath.parent)
    return [
      override, folder.map { "\($0)/passbook_Datasets.resources" }, folder.map { "\($0)/../share/passbook" },
    ].compactMap { $0 }
  }

  static func path(_ name: String, in places: [String]) throws -> String {
    let candidates = places.map { FilePath.join($0, name) }
    guard let found = candidates.first(where: { FilePath.kind(of: $0) != nil }) else {
      throw DatasetError.missing(
        path: name, expected: "data that comes with the tool",
        help: "looked at \(candidates.joined(separator: ", ")); set PASSBOOK_DATA to the folder that holds \(name)")
    }
    return found
  }
}
