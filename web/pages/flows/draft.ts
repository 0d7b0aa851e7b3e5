import { useCallback, useReducer } from 'react'
import type { FlowDocument } from '../../../server/engage/flows/contract/document.ts'

interface History {
  past: readonly FlowDocument[]
  present: FlowDocument
  future: readonly FlowDocument[]
  /** What changed last: further changes to the same are one step back. */
  about: string | undefined
  /** What the server has. */
  saved: FlowDocument
}

type Action =
  | { kind: 'change'; to: (document: FlowDocument) => FlowDocument; about: string | undefined }
  | { kind: 'undo' }
  | { kind: 'redo' }
  | { kind: 'saved'; document: FlowDocument }

/** Steps back that are kept. */
const most = 100

function next(history: History, action: Action): History {
  const { past, present, future, about, saved } = history
  if (action.kind === 'saved') return { ...history, saved: action.document }
  if (action.kind === 'undo') {
    const before = past.at(-1)
    if (!before) return history
    return { past: past.slice(0, -1), present: before, future: [present, ...future], about: undefined, saved }
  }
  if (action.kind === 'redo') {
    const [after, ...rest] = future
    if (!after) return history
    return { past: [...past, present], present: after, future: rest, about: undefined, saved }
  }
  const changed = action.to(present)
  if (changed === present) return history
  const isSame = action.about !== undefined && action.about === about
  return {
    past: isSame ? past : [...past, present].slice(-most),
    present: changed,
    future: [],
    about: action.about,
    saved,
  }
}

/** A document that is being changed, with the way back and forth. */
export function useDraft(first: FlowDocument) {
  const [history, dispatch] = useReducer(next, {
    past: [],
    present: first,
    future: [],
    about: undefined,
    saved: first,
  })
  const change = useCallback(
    (to: (document: FlowDocument) => FlowDocument, about?: string) => dispatch({ kind: 'change', to, about }),
    [],
  )
  return {
    document: history.present,
    /** `about` names what is changed: typing on in one field is one step back. */
    change,
    undo: useCallback(() => dispatch({ kind: 'undo' }), []),
    redo: useCallback(() => dispatch({ kind: 'redo' }), []),
    markSaved: useCallback((document: FlowDocument) => dispatch({ kind: 'saved', document }), []),
    mayUndo: history.past.length > 0,
    mayRedo: history.future.length > 0,
    isChanged: history.present !== history.saved,
  }
}

export type Draft = ReturnType<typeof useDraft>
