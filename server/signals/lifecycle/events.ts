/** Announced when contacts moved to another stage; `at` names their moves. */
export const lifecycleMoved = 'lifecycle.moved'
