export function zipped(folder: string): Promise<Uint8Array>;
export function objections(folder: string): Promise<string[]>;
