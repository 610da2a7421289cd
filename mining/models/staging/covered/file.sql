-- covered_file: days for which whoever made the files vouches.
select distinct source, covers as stream, first_day, last_day from landed.file_coverage where first_day <= last_day
