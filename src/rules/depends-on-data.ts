import { defineRule, type RuleExamples } from './rule.ts';

export const rule = defineRule({
  id: 'depends-on-data',
  title: 'Uniqueness or reference that the rows of the target decide about',
  severity: 'info',
  why: 'A new unique index or constraint fails when two rows have the same key, and a foreign key when a row refers to nothing. The rows of the proof are made up so that they fit: that it ran says nothing about the rows of the target.',
  safeAlternative: 'Ask the target with the query, and mend what it finds in an earlier migration.',
  sections: ['up'],
  firedBy: 'proof',
  ignorable: true,
  reference: 'ddl-constraints',
});

export const examples: RuleExamples = {
  bad: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (lower(email));',
      down: 'DROP INDEX CONCURRENTLY IF EXISTS users_email_key;',
      noTransaction: true,
    },
    {
      history: [
        'CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);',
      ],
      sql: 'ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id);',
      down: 'ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey;',
    },
  ],
  good: [
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);',
      down: 'DROP TABLE users;',
    },
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY, email text);'],
      sql: 'CREATE INDEX CONCURRENTLY users_email_idx ON users (email);',
      down: 'DROP INDEX CONCURRENTLY IF EXISTS users_email_idx;',
      noTransaction: true,
    },
  ],
};
