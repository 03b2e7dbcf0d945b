import COpenBLAS

/// For which processor OpenBLAS computes.
///
/// It chooses when it is loaded, from a list; of a processor that is newer than itself it knows nothing, and takes
/// kernels of 2004 (Debian 12's 0.3.21 does so on Sapphire Rapids, at an eighth of the speed). Only the environment variable
/// `OPENBLAS_CORETYPE` at the start of the process can tell it better.
public enum OpenBLASCore {
  public static let variable = "OPENBLAS_CORETYPE"

  /// The processor that it computes for, in its own words.
  public static var name: String? { openblas_get_corename().map { String(cString: $0) } }

  /// What the variable should have been; nil where OpenBLAS has chosen well.
  public static var better: String? {
    guard let name, oldest.contains(name) else { return nil }
    return switch KernelLevel.available[0].name {
    case "avx512": "SkylakeX"
    case "avx2": "Haswell"
    default: nil
    }
  }

  /// What it falls back to.
  private static let oldest: Set = ["Prescott", "Generic"]
}
