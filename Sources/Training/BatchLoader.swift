import Foundation

/// Makes the batches of a training on a thread of its own, while the steps before them are computed.
///
/// Nothing but the time is different for it: whoever asks for a batch gets what the recipe gives for that place, or the
/// error that it throws there. The thread ends by `stop()`, with the loader, after an error, or after the last batch.
public final class BatchLoader {
  /// Batches that are ready or being made, beside the one in use: one would do if all took the same time.
  static let batchesAhead = 2

  private var recipe: BatchRecipe
  private let preparation: BatchPreparation
  private var thread: pthread_t?

  /// Begins with the batch at `place`.
  public init(_ recipe: BatchRecipe, from place: BatchPlace) {
    self.recipe = recipe
    preparation = BatchPreparation(recipe, from: place)
    thread = Self.start(preparation)
    if thread == nil { preparation.end() }
  }

  deinit { stop() }

  /// The batch at a place: ready, or soon to be, where batches are asked for in turn; made now if that place is
  /// another, or if the system has no thread to give.
  public func batch(at place: BatchPlace) throws -> Objective.Batch {
    try preparation.take(place)?.get() ?? recipe.batch(at: place)
  }

  /// Ends the thread, and waits for it; a batch that is being made is finished first.
  public func stop() {
    guard let thread else { return }
    preparation.end()
    pthread_join(thread, nil)
    self.thread = nil
  }

  /// A thread that leaves signals to the one that the program began with.
  private static func start(_ preparation: BatchPreparation) -> pthread_t? {
    var everything = sigset_t()
    var before = sigset_t()
    sigfillset(&everything)
    pthread_sigmask(SIG_BLOCK, &everything, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(preparation)
    let failure = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<BatchPreparation>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, context.toOpaque())
    guard failure == 0 else {
      context.release()
      return nil
    }
    return thread
  }
}

/// What the loader and its thread share: a short queue of batches.
///
/// `@unchecked Sendable`: `queue` and `isOver` are guarded by `condition`, and the others do not change.
private final class BatchPreparation: @unchecked Sendable {
  typealias Outcome = Result<Objective.Batch, any Error>

  private let recipe: BatchRecipe
  private let start: BatchPlace
  private let condition = NSCondition()
  private var queue: [(place: BatchPlace, outcome: Outcome)] = []
  /// Whether nothing is added any more.
  private var isOver = false

  init(_ recipe: BatchRecipe, from start: BatchPlace) {
    self.recipe = recipe
    self.start = start
  }

  /// Makes all batches up to the last of the last epoch, as far as they are taken: the thread's work.
  func run() {
    defer { end() }
    var (recipe, place) = (recipe, start)
    while place.epoch < recipe.epochs {
      while place.batch < recipe.batchesPerEpoch {
        guard hasRoom() else { return }
        let outcome = Outcome { try recipe.batch(at: place) }
        add(outcome, at: place)
        if case .failure = outcome { return }
        place.batch += 1
        place.step += 1
      }
      place.epoch += 1
      place.batch = 0
    }
  }

  /// The next in the queue if it belongs to that place, waiting for it as long as any may come.
  func take(_ place: BatchPlace) -> Outcome? {
    condition.lock()
    defer { condition.unlock() }
    while queue.isEmpty, !isOver { condition.wait() }
    guard let next = queue.first, next.place == place else { return nil }
    queue.removeFirst()
    condition.broadcast()
    return next.outcome
  }

  /// Says that nothing will be added any more.
  func end() {
    condition.lock()
    isOver = true
    condition.broadcast()
    condition.unlock()
  }

  /// Waits until another batch may be made; false once it is over.
  private func hasRoom() -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while queue.count >= BatchLoader.batchesAhead, !isOver { condition.wait() }
    return !isOver
  }

  private func add(_ outcome: Outcome, at place: BatchPlace) {
    condition.lock()
    queue.append((place, outcome))
    condition.broadcast()
    condition.unlock()
  }
}
