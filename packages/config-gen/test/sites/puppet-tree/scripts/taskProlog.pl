#!/usr/bin/perl
# what it prints goes into the job environment
print "export SCRATCH=/scratch/$ENV{USER}\n";
