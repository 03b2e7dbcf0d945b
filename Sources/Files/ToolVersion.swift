/// The version of Passbook, as files name it that outlive it.
public enum ToolVersion {
  public static let text = "0.1.0"
}
