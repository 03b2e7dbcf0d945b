/// The style of every page: one column of text, code on a quiet ground, outputs marked by a line at their left.
enum StyleSheet {
  static var css: String {
    """
    :root { color-scheme: light dark; \(Palette.variables(isDark: false)) }
    @media (prefers-color-scheme: dark) { :root { \(Palette.variables(isDark: true)) } }
    \(layout)
    \(code)
    \(print)
    """
  }

  private static let layout = """
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
    body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 48rem; background: var(--page); color: var(--text);
      font: 1.0625rem/1.6 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif;
      overflow-wrap: break-word; }
    h1, h2, h3, h4, h5, h6, nav, table, footer, figcaption, .file {
      font-family: ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", sans-serif; }
    h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2.2em 0 .6em; font-weight: 650; text-wrap: balance; }
    h1 { font-size: 1.9rem; letter-spacing: -.015em; margin: 0 0 .6em; }
    h2 { font-size: 1.3rem; letter-spacing: -.005em; }
    h3 { font-size: 1.08rem; }
    h4, h5, h6 { font-size: 1rem; }
    p, ul, ol, blockquote, figure, pre, .scroll { margin: 0 0 1rem; }
    ul, ol { padding-left: 1.4rem; }
    li { margin: .2rem 0; }
    a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .15em; }
    a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
    blockquote { padding-left: 1rem; border-left: 3px solid var(--line); color: var(--muted); }
    img { max-width: 100%; height: auto; }
    .file { margin: 0 0 2rem; color: var(--muted); font-size: .85rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left;
      vertical-align: top; }
    th { font-weight: 600; }
    .right { text-align: right; }
    .center { text-align: center; }
    nav { font-size: .88rem; line-height: 1.4; margin: 0 0 2.5rem; padding: .9rem 1rem; max-height: 45vh;
      overflow-y: auto; border: 1px solid var(--line); border-radius: 6px; }
    nav p { margin: 0 0 .4rem; font-weight: 600; }
    nav ol { list-style: none; margin: 0; padding: 0; }
    nav li { margin: .35rem 0; }
    nav .inner { padding-left: 1rem; }
    nav a { color: var(--muted); text-decoration: none; }
    nav code { background: none; padding: 0; }
    nav a:hover { color: var(--accent); text-decoration: underline; }
    footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted);
      font-size: .8rem; }
    @media (min-width: 72rem) {
      body.has-contents { display: grid; grid-template-columns: 15rem minmax(0, 46rem); column-gap: 3.5rem;
        justify-content: center; max-width: none; padding: 3rem 2rem 4rem; }
      body.has-contents > * { grid-column: 2; }
      body.has-contents > nav { grid-column: 1; grid-row: 1 / span 3; position: sticky; top: 3rem; align-self: start;
        max-height: calc(100vh - 6rem); border: 0; padding: 0; margin: 0; }
    }
    """

  private static let code = """
    code, pre, .cell-number { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas,
      "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: .84rem; font-variant-ligatures: none; }
    :not(pre) > code { background: var(--surface); border-radius: 3px; padding: .1em .3em; font-size: .85em;
      box-decoration-break: clone; -webkit-box-decoration-break: clone; }
    pre { line-height: 1.55; overflow-x: auto; tab-size: 4; }
    pre.source { background: var(--surface); border-radius: 6px; padding: .75rem 1rem; }
    .cell { margin: 1.8rem 0; }
    .cell > :last-child { margin-bottom: 0; }
    .cell-head { display: flex; align-items: baseline; gap: .7rem; margin: 0 0 .5rem; }
    .cell-head > :last-child { margin: 0; }
    .cell-number { color: var(--muted); text-decoration: none; font-size: .78rem; }
    .cell-number::before { content: "["; }
    .cell-number::after { content: "]"; }
    .result { border-left: 3px solid var(--accent); padding: .1rem 0 .1rem calc(1rem - 3px); margin: 0 0 1rem; }
    .result > :last-child { margin-bottom: 0; }
    samp { font: inherit; }
    .result pre { margin: 0 0 .8rem; }
    figure img { display: block; border-radius: 4px; }
    figcaption { color: var(--muted); font-size: .85rem; margin-top: .4rem; }
    \(Palette.classes.map { ".source .\($0.rawValue) { color: var(--\($1.name)); }" }.joined(separator: "\n"))
    .source .documentation { font-style: italic; }
    .source .keyword, .source .header { font-weight: 600; }
    """

  private static let print = """
    @media print {
      :root { color-scheme: light; \(Palette.variables(isDark: false)) --page: #ffffff; }
      body, body.has-contents { display: block; max-width: none; padding: 0; font-size: 10.5pt; }
      nav { display: none; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; }
      pre.source { border: 1px solid var(--line); }
      h1, h2, h3, h4, .cell-head { break-after: avoid; }
      figure, tr, .cell-head + pre { break-inside: avoid; }
      a { color: inherit; }
    }
    """
}
