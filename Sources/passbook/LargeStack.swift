#if canImport(Glibc)
  import Glibc
#endif

/// The room for recursion: pages are only taken when they are touched.
let largeStackBytes = 512 << 20

/// Runs the work on a thread of its own with a large stack, and waits for it.
/// - Returns: What the work answers, or nothing if there is no memory for the stack.
func runOnLargeStack(_ work: @escaping @Sendable () -> Int32) -> Int32? {
  let job = Job(work)
  var attributes = pthread_attr_t()
  guard pthread_attr_init(&attributes) == 0 else { return nil }
  defer { pthread_attr_destroy(&attributes) }
  guard pthread_attr_setstacksize(&attributes, largeStackBytes) == 0 else { return nil }
  var thread = pthread_t()
  let context = Unmanaged.passRetained(job)
  let failure = pthread_create(
    &thread, &attributes,
    { context in
      if let context { Unmanaged<Job>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }, context.toOpaque())
  guard failure == 0 else {
    context.release()
    return nil
  }
  pthread_join(thread, nil)
  return job.result
}

/// Work for another thread, and its answer; `pthread_join` orders the write before the read.
private final class Job: @unchecked Sendable {
  private let work: @Sendable () -> Int32
  private(set) var result: Int32 = 0

  init(_ work: @escaping @Sendable () -> Int32) { self.work = work }

  func run() { result = work() }
}
