import CKernels
import Glibc
import Synchronization

/// The threads that share the work of a kernel.
///
/// A kernel cuts its work into chunks by the size of the problem alone; the threads take chunks from a counter. So a
/// result does not depend on the thread count. A call from inside of a chunk, or while another call is in flight, runs
/// on the calling thread.
public enum Pool {
  /// The number of threads that take part in a kernel, the calling one included.
  public static var threadCount: Int { crew.threadCount.load(ordering: .relaxed) }

  /// Sets the number of threads, between 1 and 256; other values are brought into that range.
  public static func setThreadCount(_ count: Int) {
    crew.threadCount.store(min(max(count, 1), 256), ordering: .relaxed)
  }

  /// Runs `body` once for each chunk `0 ..< chunks` and returns when all have finished.
  public static func run(chunks: Int, _ body: (Int) -> Void) {
    guard chunks > 1, threadCount > 1 else {
      for chunk in 0..<max(chunks, 0) { body(chunk) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var body = body
      withUnsafePointer(to: &body) { crew.run(chunks: chunks, $0) }
    }
  }

  /// Cuts `0 ..< count` into chunks of at most `size` and runs `body` for each.
  static func forEachBlock(_ count: Int, of size: Int, _ body: (Range<Int>) -> Void) {
    let chunks = (count + size - 1) / size
    run(chunks: chunks) { body($0 * size..<min(($0 + 1) * size, count)) }
  }

  /// Runs `body` for each of `count` items of `elements` elements, as many items to a chunk as make it worth a thread.
  static func forEach(_ count: Int, elements: Int, _ body: (Int) -> Void) {
    forEachBlock(count, of: max(1, Elementwise.blockSize / max(elements, 1))) { $0.forEach(body) }
  }

  private static let crew = Crew()
}

/// The worker threads and the job that they share. Every field but the atomics is guarded by `mutex`.
private final class Crew: @unchecked Sendable {
  typealias Body = UnsafePointer<(Int) -> Void>

  let threadCount: Atomic<Int>
  private let busy = Atomic<Bool>(false)
  private let nextChunk = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let workArrived = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let workerLeft = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let process = getpid()
  private var body: Body?
  private var chunks = 0
  private var workers = 0
  private var tickets = 0
  private var active = 0

  init() {
    threadCount = Atomic(min(max(Int(kernel_usable_cores()), 1), 256))
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(workArrived, nil)
    pthread_cond_init(workerLeft, nil)
  }

  func run(chunks: Int, _ body: Body) {
    // A forked child has no workers; and a call while the crew is busy (a nested one, or another thread's) runs here.
    guard getpid() == process, busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      for chunk in 0..<chunks { body.pointee(chunk) }
      return
    }
    pthread_mutex_lock(mutex)
    let helpers = min(threadCount.load(ordering: .relaxed), chunks) - 1
    while workers < helpers, startWorker() { workers += 1 }
    self.body = body
    self.chunks = chunks
    nextChunk.store(0, ordering: .relaxed)
    tickets = min(helpers, workers)
    for _ in 0..<tickets { pthread_cond_signal(workArrived) }
    pthread_mutex_unlock(mutex)

    takeChunks(chunks, body)

    pthread_mutex_lock(mutex)
    tickets = 0  // who has not woken up by now is not needed
    while active > 0 { pthread_cond_wait(workerLeft, mutex) }
    self.body = nil
    pthread_mutex_unlock(mutex)
    busy.store(false, ordering: .releasing)
  }

  @inline(never)
  private func takeChunks(_ chunks: Int, _ body: Body) {
    while true {
      let chunk = nextChunk.wrappingAdd(1, ordering: .relaxed).oldValue
      if chunk >= chunks { return }
      body.pointee(chunk)
    }
  }

  private func work() {
    pthread_mutex_lock(mutex)
    while true {
      guard tickets > 0, let body else {
        pthread_cond_wait(workArrived, mutex)
        continue
      }
      tickets -= 1
      active += 1
      let chunks = chunks
      pthread_mutex_unlock(mutex)
      takeChunks(chunks, body)
      pthread_mutex_lock(mutex)
      active -= 1
      if active == 0 { pthread_cond_signal(workerLeft) }
    }
  }

  /// Starts one worker; signals stay with the thread that the program began with.
  private func startWorker() -> Bool {
    var everything = sigset_t()
    var before = sigset_t()
    sigfillset(&everything)
    pthread_sigmask(SIG_BLOCK, &everything, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(&thread, nil, { context in
      if let context { Unmanaged<Crew>.fromOpaque(context).takeRetainedValue().work() }
      return nil
    }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}
