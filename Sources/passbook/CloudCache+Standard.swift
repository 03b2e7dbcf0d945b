import Datasets
import Terminal

extension CloudCache {
  /// The user's cache; nil without a home.
  static var standard: CloudCache? {
    CloudCache.standardFolder(environment: environmentVariables()).map { CloudCache(folder: $0) }
  }
}
