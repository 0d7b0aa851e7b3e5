export interface Figure {
  bench: string
  figure: number
  unit: string
  /** Null where it is not installed on this machine. */
  peer: string | null
  peerFigure: number | null
  /** Above 1: we are better. */
  ratio: number | null
  /** The ratio aimed at. */
  aim: number
}

/** Prints a figure as the one JSON line that `npm run bench` gathers. */
export function report(figure: Figure): void {
  const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(4)))
  console.log(
    JSON.stringify({
      ...figure,
      figure: rounded(figure.figure),
      peerFigure: rounded(figure.peerFigure),
      ratio: rounded(figure.ratio),
    }),
  )
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
