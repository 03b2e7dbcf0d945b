import CKernels
import Glibc

/// One compilation of the fast kernels: for AVX-512, for AVX2, or for what every processor has.
///
/// `@unchecked Sendable`: it points to a constant table of functions.
public struct KernelLevel: @unchecked Sendable, Hashable {
  let functions: UnsafePointer<kernel_level>

  /// `avx512`, `avx2` or `baseline`.
  public var name: String { String(cString: functions.pointee.name) }

  /// Columns in a panel of the right operand of a product.
  var panel: Int { Int(functions.pointee.panel) }

  /// The levels that this processor can run, the fastest first.
  public static let available: [KernelLevel] = (0..<kernel_level_count()).compactMap { index in
    kernel_level_at(index).map(KernelLevel.init)
  }

  /// The fastest level, unless the environment variable `PASSBOOK_KERNELS` names another one that can be run.
  public static let preferred: KernelLevel = {
    let wanted = getenv("PASSBOOK_KERNELS").map { String(cString: $0) }
    return available.first { $0.name == wanted } ?? available[0]
  }()
}

/// The fast kernels hold activations as rows of channels, whose number is rounded up to this many; the surplus is zero.
/// So that no loop has a remainder, whatever the level.
public enum ChannelsLast {
  public static let lanes = 16

  /// Channels as they are stored.
  public static func width(_ channels: Int) -> Int { (channels + lanes - 1) / lanes * lanes }
}
