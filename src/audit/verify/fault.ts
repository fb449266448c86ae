/** In which way something in the log is not as it was written. */
export type FaultKind =
  'CHANGED' | 'MISSING' | 'INSERTED' | 'SWAPPED' | 'TRUNCATED' | 'REPLACED' | 'FORGOTTEN';

/** Takes a fault: its kind, and in words where it is and what. */
export type Report = (kind: FaultKind, message: string) => void;
