import Files
import Kernels
import Terminal
import Training

extension TrainingCache {
  /// The user's cache; nil without a home.
  static var standard: TrainingCache? {
    TrainingCache.standardFolder(environment: environmentVariables()).map {
      TrainingCache(folder: $0, engine: engine)
    }
  }

  /// What decides the bits of a result beside the script: this very build, and the kernels that the processor gets.
  private static let engine: String = {
    // Without /proc the version has to do.
    let build = (try? Checksum.sha256(contentsOf: "/proc/self/exe")) ?? ""
    return [passbookVersion, build, KernelLevel.preferred.name, OpenBLASCore.name ?? ""].joined(separator: " ")
  }()
}
