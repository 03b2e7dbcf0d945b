import Language

/// Why a document cannot be exported: everything that is wrong with it, each with its place and what to do.
public struct ExportFailure: Error, Sendable {
  public let diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
