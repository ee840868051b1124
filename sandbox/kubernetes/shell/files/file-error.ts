/** Errors of the virtual file system, with the words of strerror(3). */
const MESSAGES = {
  ENOENT: "No such file or directory",
  ENOTDIR: "Not a directory",
  EISDIR: "Is a directory",
  EEXIST: "File exists",
  ENOTEMPTY: "Directory not empty",
  EACCES: "Permission denied",
  EINVAL: "Invalid argument",
  ELOOP: "Too many levels of symbolic links",
  ENAMETOOLONG: "File name too long",
  ENOSPC: "No space left on device",
  EFBIG: "File too large",
  EROFS: "Read-only file system",
  EBUSY: "Resource busy",
  EIO: "Input/output error",
} as const;

export type FileErrorCode = keyof typeof MESSAGES;

export class FileError extends Error {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode) {
    super(MESSAGES[code]);
    this.name = "FileError";
    this.code = code;
  }
}
