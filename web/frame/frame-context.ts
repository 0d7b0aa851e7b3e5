import { createContext, use } from 'react'

interface Frame {
  openPalette: () => void
}

export const FrameContext = createContext<Frame | null>(null)

/** What the frame around a screen offers it; null on screens without a frame. */
export function useFrame(): Frame | null {
  return use(FrameContext)
}
