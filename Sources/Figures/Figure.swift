/// A picture as data: what is drawn, not how.
public struct Figure: Sendable {
  public var title: String?

  public init(title: String?) { self.title = title }
}
