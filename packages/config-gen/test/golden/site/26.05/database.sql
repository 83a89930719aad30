CREATE DATABASE IF NOT EXISTS `slurm_acct_db`;
CREATE USER IF NOT EXISTS 'acct'@'%' IDENTIFIED BY 'it''s';
GRANT ALL PRIVILEGES ON `slurm_acct_db`.* TO 'acct'@'%';
