import Datasets
import Figures
import HDF5
import Language
import Training

/// Which bare expressions a session shows.
public enum EchoPolicy: Sendable {
  /// At the prompt: results are shown and kept as `_3`.
  case prompt
  /// With `-e`, from a pipe and with `--echo`.
  case all
  /// `run FILE`: what `print` writes, and tables and figures.
  case nothing
}

/// What a session needs from the engine to run `model` declarations and matrix literals.
public protocol ModelComposition: Sendable {
  /// The stage at the start of a model, from the value behind `on`.
  func inputStage(_ shape: Value) throws -> Value
  /// The model that ends in a stage.
  ///
  /// - Parameter seed: the session's, from which the weights start.
  func finish(_ stage: Value, name: String, seed: UInt64) throws -> Value
  /// `[1, 2; 3, 4]`; nil leaves it a list of lists.
  func matrix(_ rows: [[Value]]) throws -> Value?
}

extension ModelComposition {
  public func matrix(_ rows: [[Value]]) throws -> Value? { nil }
}

/// How a session starts.
public struct SessionOptions: Sendable {
  public var seed: UInt64 = 0
  /// Threads for the engine; nil lets it choose.
  public var threads: Int?
  /// Networks are computed layer by layer, on the reference path.
  public var isExact = false
  /// No progress on standard error.
  public var isQuiet = false
  public var echo = EchoPolicy.nothing
  /// `NAME=VALUE` behind `--`, read by scripts as `args.NAME`.
  public var arguments: [(name: String, value: String)] = []
  public var natives = NativeTable.standard
  public var magics = Magic.standard
  /// Bytes of stack of the thread that runs the session; nil means that of an ordinary thread.
  public var stackSize: Int?
  /// Where finished trainings are kept and taken from; nil trains afresh.
  public var trainingCache: TrainingCache?
  /// Where decoded clouds are kept and taken from; nil decodes afresh.
  public var cloudCache: CloudCache?
  /// What reads HDF5 files; nil refuses them, since a program must be made to be started anew as their reader.
  public var hdf5Reader: HDF5Reader?
  /// Asked for the pass phrases of sealed keys; nil refuses them.
  public var passphrases: PassphraseSource?
  /// Nil for a session without an engine.
  public var composition: (any ModelComposition)? = EngineComposition()
  /// Polled in loops and calls, and by natives between layers; true ends the evaluation.
  public var isInterrupted: @Sendable () -> Bool = { false }

  public init() {}
}

/// Where a session writes.
public protocol SessionOutput {
  /// A line (or several) of standard output.
  func print(_ text: String)
  /// The result of a bare expression; belongs on standard output too.
  func echo(_ text: String)
  /// A figure, as a result or printed; where it is not drawn it is plain text of standard output.
  func show(_ figure: Figure)
  /// An error, a warning or a note; belongs on standard error.
  func report(_ diagnostic: Diagnostic)
  /// Something to know that is no result, such as a duration; belongs on standard error.
  func note(_ text: String)
  /// How far a long native has come.
  func progress(_ report: ProgressReport)
  /// What comes next is the output of this statement of a cell; a record keeps outputs by statement.
  func begin(_ statement: Statement, of cell: Cell)
  /// This statement has come to its end; one that an error or Ctrl-C stopped never does.
  func end(_ statement: Statement, of cell: Cell)
}

extension SessionOutput {
  public func begin(_ statement: Statement, of cell: Cell) {}
  public func end(_ statement: Statement, of cell: Cell) {}
  public func progress(_ report: ProgressReport) {}
  public func show(_ figure: Figure) { print(TerminalPicture.plain(figure)) }
}

/// How far a long native has come, for a bar or a line.
public struct ProgressReport: Sendable {
  /// `epoch 3 of 10`
  public var title: String
  public var completed: Int
  public var total: Int
  /// `("loss", "0.31")`, `("free", "61.4%")`
  public var figures: [(name: String, text: String)]
  /// The end of an epoch: worth a line of its own where there is no terminal.
  public var isMilestone: Bool
  /// How far a training has come since its start, for whoever draws it.
  public var curves: TrainingCurves?

  public init(
    _ title: String, completed: Int, total: Int, figures: [(name: String, text: String)] = [],
    isMilestone: Bool = false, curves: TrainingCurves? = nil
  ) {
    self.title = title
    self.completed = completed
    self.total = total
    self.figures = figures
    self.isMilestone = isMilestone
    self.curves = curves
  }
}

/// How a run ended.
public enum Outcome: Sendable, Equatable {
  case done
  /// An error or a failed `expect`; it has been reported.
  case failed
  case interrupted
  /// `:quit`
  case quit(Int32)
}
