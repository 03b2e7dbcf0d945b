import Language
import Notebook

/// A lesson with every kind of step: text, a cell, two tasks, text.
let sampleLesson = """
  #%% [md] Sums (20 minutes)
  # Adding *numbers*.

  #%% a cell
  x = 20
  x + 1   #=> 21

  #%% forty-two
  #? Make `y` so that it and `x` are 42 together.
  #? It is a number.
  #~ Subtract.
  #~ `y = 42 - ...`
  #: y = 42 -
  #:   x   #=> 22
  #=> 22
  expect y + x == 42   # x and y are 42 together
  expect y > 0

  #%% [md]
  # A second one.

  #%% twice
  #? Make `z` twice `y`.
  #: z = 2 * y
  expect z == 2 * y

  #%% [md]
  # The end.
  """

func plan(_ text: String) -> LessonPlan { LessonPlan(Source(name: "t.pass", text: text)) }
