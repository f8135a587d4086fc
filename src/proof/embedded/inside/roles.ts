/** Owns the database and its schema public, and is no superuser; scripts/make-chamber-base.ts makes it. */
export const OWNER = 'airlock_owner';
/** The bootstrap superuser by another name than `postgres`, which is an ordinary role to many migrations. */
export const SUPERUSER = 'airlock_superuser';
